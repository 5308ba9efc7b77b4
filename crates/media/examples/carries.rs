//! What pictures carry with them, a JSON object a line: `cargo run -p dateline-media --features c2pa --example carries -- PICTURE…`.

use std::error::Error;

use dateline_media::{read_credentials, read_metadata};

fn main() -> Result<(), Box<dyn Error>> {
    for path in std::env::args().skip(1) {
        let bytes = std::fs::read(&path)?;
        let metadata = read_metadata(&bytes);
        let media_type =
            metadata.as_ref().ok().and_then(|metadata| metadata.container).map_or("image/jpeg", |kind| kind.media_type());
        let credentials = read_credentials(&bytes, media_type, None);
        let metadata = metadata.map_or_else(|error| serde_json::json!(error.to_string()), |metadata| serde_json::json!(metadata));
        println!("{}", serde_json::json!({ "file": path, "metadata": metadata, "credentials": credentials }));
    }
    Ok(())
}
