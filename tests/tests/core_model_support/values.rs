//! Values as the sink will see them.

use throughline::span::{Value, ValueView};

/// `None` when nothing will be seen.
pub(crate) fn show(value: Value<'_>) -> Option<String> {
    let integer = |int: Option<i64>, text: String| int.map_or(text, |int| format!("int {int}"));
    Some(match value {
        Value::Empty => return None,
        Value::I64(value) => format!("int {value}"),
        Value::U64(value) => integer(value.try_into().ok(), value.to_string()),
        Value::I128(value) => integer((*value).try_into().ok(), value.to_string()),
        Value::U128(value) => integer((*value).try_into().ok(), value.to_string()),
        Value::Array(array) => {
            (0..array.len()).filter_map(|at| show(array.get(at)).map(|one| one + ",")).collect()
        }
        Value::Bool(value) => view(ValueView::Bool(value)),
        Value::F64(value) => view(ValueView::Double(value)),
        Value::Str(value) => value.to_owned(),
        _ => unreachable!(),
    })
}

pub(crate) fn view(value: ValueView<'_>) -> String {
    match value {
        ValueView::Bool(value) => format!("bool {value}"),
        ValueView::Int(value) => format!("int {value}"),
        ValueView::Double(value) => format!("double {value}"),
        ValueView::Str(value) => value.to_owned(),
        ValueView::Array(array) => array.map(|element| view(element) + ",").collect(),
    }
}
