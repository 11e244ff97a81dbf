//! The server: routes, state, static files.
