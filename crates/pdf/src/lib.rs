//! A plain document as a PDF page that looks like the official paper.
