//! A release build embeds the bundled assets, so it must be made again when they change.

use std::path::Path;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    if std::env::var("PROFILE").is_ok_and(|profile| profile == "release") {
        let folder = Path::new("../../assets/dist/static");
        println!("cargo::rerun-if-changed={}", folder.display());
        if !folder.is_dir() {
            println!(
                "cargo::warning=assets/dist is missing, so this build cannot serve pages: \
                 run `cargo xtask assets` and build again"
            );
        }
    }
}
