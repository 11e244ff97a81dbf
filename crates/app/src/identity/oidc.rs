//! stub
use crate::serve::App;
pub(super) fn label(_: &App) -> Option<String> {
    None
}
