"""Which team keys are trusted, and how a person's own key opens the keys of their teams."""
