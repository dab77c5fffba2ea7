//! A table as plain text: the first column to the left, the others to the right.

/// Lines up `rows` under `head`.
pub fn render(head: &[&str], rows: &[Vec<String>]) -> String {
    let head: Vec<String> = head.iter().map(|&cell| cell.to_owned()).collect();
    let width = |column: usize| {
        let cells = std::iter::once(&head).chain(rows).filter_map(|row| row.get(column));
        cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..head.len()).map(width).collect();
    let rule = widths.iter().map(|&width| "-".repeat(width)).collect();
    let lines = [&head, &rule].into_iter().chain(rows).map(|row| line(row, &widths));
    lines.collect()
}

fn line(row: &[String], widths: &[usize]) -> String {
    let cells = row.iter().zip(widths).enumerate().map(|(column, (cell, &width))| match column {
        0 => format!("{cell:<width$}"),
        _ => format!("{cell:>width$}"),
    });
    let line = cells.collect::<Vec<_>>().join("  ");
    line.trim_end().to_owned() + "\n"
}

#[cfg(test)]
mod tests {
    #[test]
    fn numbers_stand_under_each_other() {
        let rows = [vec!["off".to_owned(), "8.5".to_owned()], vec!["trace".to_owned(), "101.0".to_owned()]];
        let expected = "case    ours\n-----  -----\noff      8.5\ntrace  101.0\n";
        assert_eq!(super::render(&["case", "ours"], &rows), expected);
    }
}
