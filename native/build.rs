//! The site is embedded: a build of it is noticed, also one that was not there before.

fn main() {
    println!("cargo::rerun-if-changed=../www/dist");
}
