//! Shows a reading kept as JSON: `cargo run -p dateline --example show -- reading.json [html]`.

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let path = arguments.next().ok_or("which file?")?;
    let reading = serde_json::from_slice(&std::fs::read(path)?)?;
    match arguments.next().as_deref() {
        Some("html") => print!("{}", dateline::render::page(&reading)),
        _ => print!("{}", dateline::render::dossier(&reading, 80, true)),
    }
    Ok(())
}
