"""The news pages: front page and search, snapshots and their versions, replay, feeds and subscriptions."""

from licet.desk.news import api, feeds, front, replay, snapshot, subscriptions, verify, versions

HANDLERS = (
    *front.HANDLERS,
    *snapshot.HANDLERS,
    *versions.HANDLERS,
    *verify.HANDLERS,
    *replay.HANDLERS,
    *feeds.HANDLERS,
    *subscriptions.HANDLERS,
    *api.HANDLERS,
)
