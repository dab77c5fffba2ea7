//! The code in the example `shop` that is generated from its description of gRPC services. With `THROUGHLINE_BLESS=1` in the
//! environment it is written anew.

use std::fs;
use std::path::Path;

use throughline_test_servers::Scratch;

#[test]
fn the_committed_code_is_what_the_description_generates() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/shop/src/proto");
    let described = protox::compile(["shop.proto"], [&folder]).unwrap();
    let scratch = Scratch::new("proto");
    let generator = tonic_prost_build::configure().build_transport(false).out_dir(scratch.path());
    generator.compile_fds(described).unwrap();
    let generated = fs::read_to_string(scratch.path().join("shop.rs")).unwrap();
    let committed = folder.join("shop.rs");
    if std::env::var_os("THROUGHLINE_BLESS").is_some() {
        fs::write(committed, generated).unwrap();
    } else {
        assert_eq!(fs::read_to_string(committed).unwrap(), generated);
    }
}
