"""One job: a notebook executed by papermill in a kernel, watched and measured."""
