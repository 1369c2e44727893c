"""Order books at the desk: uploaded, screened beside the pages, looked through, planned."""
