//! Documentation comments, unread: what a text in quotes says is worked out by nobody before the compiler does it.

use quote::ToTokens;
use syn::buffer::Cursor;
use syn::parse::ParseStream;
use syn::token::Bracket;
use syn::{AttrStyle, Attribute, Expr, Meta, MetaNameValue, Path, Token};

/// The attributes in front of an item.
pub(crate) fn outer_attributes(input: ParseStream<'_>) -> syn::Result<Vec<Attribute>> {
    let mut attributes = Vec::new();
    while let Ok(comment) =
        input.step(|cursor| comment(*cursor).ok_or_else(|| cursor.error("no documentation")))
    {
        attributes.push(comment);
    }
    attributes.extend(Attribute::parse_outer(input)?);
    Ok(attributes)
}

/// `#[doc = ".."]`
fn comment(cursor: Cursor<'_>) -> Option<(Attribute, Cursor<'_>)> {
    let (pound, after) = cursor.punct().filter(|(sign, _)| sign.as_char() == '#')?;
    let (inside, span, after) = after.group(proc_macro2::Delimiter::Bracket)?;
    let (doc, inside) = inside.ident().filter(|(word, _)| word == "doc")?;
    let (equals, inside) = inside.punct().filter(|(sign, _)| sign.as_char() == '=')?;
    let (text, inside) = inside.literal()?;
    let meta = Meta::NameValue(MetaNameValue {
        path: Path::from(doc),
        eq_token: Token![=](equals.span()),
        value: Expr::Verbatim(text.into_token_stream()),
    });
    let attribute = Attribute {
        pound_token: Token![#](pound.span()),
        style: AttrStyle::Outer,
        bracket_token: Bracket { span },
        meta,
    };
    inside.eof().then_some((attribute, after))
}
