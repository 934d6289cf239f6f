"""PDFs that people upload: inspected, cleaned and written anew in a process without rights.

`checking` is the server's side and never parses a file. `child` runs in the other process: it shuts its `doors`, reads
one file, `cleaning` writes it anew, and `answers` carries the result back in fixed bytes.
"""
