"""Turn a result into a page: content, figures, words, page."""
