//! Page shell, session, forms, tables and errors of the web pages; no feature.
