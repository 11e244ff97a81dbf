//! SQL of what is filled, kept, compared and commented on.

pub(super) mod adjustment;
pub(super) mod comment;
pub(super) mod draft;
pub(super) mod past;
pub(super) mod record;
pub(super) mod snapshot;
pub(super) mod version;
