//! SQL of what is filled, kept, compared and commented on.

pub(super) mod adjustment;
pub(super) mod comment;
pub(super) mod draft;
pub(super) mod examples;
pub(super) mod field;
pub(super) mod known;
pub(super) mod many;
pub(super) mod origin;
pub(super) mod past;
pub(super) mod pieces;
pub(super) mod reached;
pub(super) mod record;
pub(super) mod returned;
pub(super) mod snapshot;
pub(super) mod version;
pub(super) mod waiting;
