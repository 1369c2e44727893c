import pytest

from licet.archive.addresses import canonical


@pytest.mark.parametrize("text", ["http://[", "http://a]b/", "https://[::1", "//["])
def test_what_is_no_address_is_equal_to_itself_only(text):
    assert canonical(text) == text
