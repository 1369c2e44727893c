"""Finding: what is indexed of an article, how a query is read, and what is shown of what it finds."""
