//! Mail: the server to hand it to, and the handing over.

mod send;
mod settings;
pub(crate) mod store;
#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;

pub(crate) use send::{Trouble, is_address, send};
#[cfg(test)]
pub(crate) use settings::Security;
pub(crate) use settings::{Environment, Named, Settings, read, save};
