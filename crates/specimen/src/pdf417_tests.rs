use super::*;

/// Pixels of a symbol drawn by hand, apart from SVG.
fn luma(symbol: &Symbol, module: usize) -> (Vec<u8>, u32, u32) {
    let quiet = QUIET_ZONE * module;
    let width = symbol.rows[0].len() * module + 2 * quiet;
    let height = symbol.rows.len() * ROW_HEIGHT * module + 2 * quiet;
    let dark = |x: usize, y: usize| {
        let row = y.checked_sub(quiet).map(|y| y / module / ROW_HEIGHT);
        let column = x.checked_sub(quiet).map(|x| x / module);
        row.zip(column).and_then(|(row, column)| symbol.rows.get(row)?.get(column)).copied()
    };
    let pixels = (0..width * height)
        .map(|i| if dark(i % width, i / width).unwrap_or(false) { 0 } else { 255 })
        .collect();
    (pixels, width as u32, height as u32)
}

#[test]
fn the_symbol_reads_back() {
    let payload = "@\n\x1e\rANSI 636000100002DL00410001".to_owned() + &"DAQX1234\n".repeat(30);
    let (pixels, width, height) = luma(&encode(&payload).unwrap(), 3);
    let found = rxing::helpers::detect_in_luma(pixels, width, height, Some(BarcodeFormat::PDF_417))
        .unwrap();
    assert_eq!(found.getText(), payload);
}

#[test]
fn a_payload_beyond_a_symbol_is_refused() {
    let error = encode(&"X1y,".repeat(1000)).err().unwrap();
    assert!(error.to_string().contains("4000 bytes"), "{error}");
}
