//! The function under the attribute. Its body stays tokens: what is not read need not be complete.

use proc_macro2::{Delimiter, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote_spanned};
use syn::parse::{Parse, ParseStream};
use syn::visit_mut::VisitMut as _;
use syn::{Attribute, FnArg, Pat, Receiver, ReturnType, Signature, Token, Type, Visibility, braced, token};

use crate::diagnostics::Errors;
use crate::parse::{Held, Mark, Scan, held_all, outer_attributes};

/// A function, with the marks of its parameters taken out.
pub(crate) struct Function {
    pub(crate) attrs: Vec<Attribute>,
    pub(crate) vis: Visibility,
    pub(crate) sig: Signature,
    /// `None` for a method that a trait only declares.
    pub(crate) body: Option<Body>,
    pub(crate) parameters: Vec<Parameter>,
}

/// What is between the braces.
pub(crate) struct Body {
    pub(crate) brace: token::Brace,
    pub(crate) tokens: TokenStream,
    pub(crate) scan: Scan,
}

impl Body {
    /// The place of the body, with our own names: what is wrong with what it returns is shown there.
    pub(crate) fn ours(&self) -> Span {
        Span::mixed_site().located_at(self.brace.span.join())
    }

    /// The body in its own braces: what is in it is dropped by the rules of the edition it was written in. The empty
    /// statement in front keeps the compiler from calling the braces unnecessary; to clippy it is nothing, so that the
    /// body may begin with items.
    pub(crate) fn block(&self) -> TokenStream {
        let mut block = TokenStream::new();
        self.brace.surround(&mut block, |block| {
            block.extend(quote_spanned!(Span::mixed_site()=> ;));
            self.tokens.to_tokens(block);
        });
        block
    }

    /// The braces of a closure or an async block that the body has become. They stand where those of the body do, so that
    /// lints look at what is returned from there. What is between them is in braces of ours: it is dropped by one rule in
    /// all editions, parameters after what the body leaves.
    pub(crate) fn around(&self, tokens: &TokenStream) -> TokenStream {
        let mut block = TokenStream::new();
        self.brace
            .surround(&mut block, |block| block.extend(quote_spanned!(Span::mixed_site()=> { #tokens })));
        block
    }
}

/// One parameter that is not `self`.
pub(crate) struct Parameter {
    pub(crate) pat: Pat,
    pub(crate) ty: Type,
    pub(crate) mark: Option<Mark>,
}

impl Function {
    /// Takes `#[attr]` off the parameters, also when one of them is broken: the function is emitted in any case.
    pub(crate) fn take_marks(&mut self, errors: &mut Errors) {
        for input in &mut self.sig.inputs {
            match input {
                FnArg::Receiver(receiver) => {
                    if let Some(mark) = errors.ok(Mark::take(&mut receiver.attrs)).flatten() {
                        errors.push(
                            mark.error("`self` cannot be recorded whole: write `fields(key = self.field)`"),
                        );
                    }
                }
                FnArg::Typed(typed) => {
                    let mark = errors.ok(Mark::take(&mut typed.attrs)).flatten();
                    self.parameters.push(Parameter {
                        pat: (*typed.pat).clone(),
                        ty: (*typed.ty).clone(),
                        mark,
                    });
                }
            }
        }
    }

    pub(crate) fn receiver(&self) -> Option<&Receiver> {
        self.sig.receiver()
    }
}

impl Parse for Function {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let mut attrs = input.call(outer_attributes)?;
        let vis = input.parse()?;
        let mut sig: Signature = input.parse()?;
        Held.visit_signature_mut(&mut sig);
        if let ReturnType::Type(_, ty) = &mut sig.output {
            take_out_of_group(ty);
        }
        let body = if input.peek(Token![;]) {
            input.parse::<Token![;]>()?;
            None
        } else {
            let as_written = input.fork().parse().map(inside)?;
            let content;
            let brace = braced!(content in input);
            let inner = content.call(Attribute::parse_inner)?;
            let scan = Scan::of(content.cursor());
            let rest: TokenStream = content.parse()?;
            let tokens = if inner.is_empty() { as_written } else { held_all(rest) };
            attrs.extend(inner);
            Some(Body { brace, tokens, scan })
        };
        Ok(Self { attrs, vis, sig, body, parameters: Vec::new() })
    }
}

/// What is between the braces, as the compiler gave it: of a stream that is put together from its tokens it would forget
/// what holds the arguments of a macro together, `$number:expr`.
fn inside(body: TokenTree) -> TokenStream {
    match body {
        // `$body:block`.
        TokenTree::Group(group) if group.delimiter() == Delimiter::None => {
            group.stream().into_iter().next().map_or_else(TokenStream::new, inside)
        }
        TokenTree::Group(group) => group.stream(),
        _ => TokenStream::new(),
    }
}

/// A type that was an argument of a macro, `$returned:ty`, is in a group that is not to be seen.
fn take_out_of_group(ty: &mut Type) {
    while let Type::Group(group) = ty {
        *ty = (*group.elem).clone();
    }
}

impl ToTokens for Function {
    /// The function as it was, without our marks.
    fn to_tokens(&self, tokens: &mut TokenStream) {
        for attribute in &self.attrs {
            // An inner attribute was moved out of the body, where its `!` belonged.
            outer(attribute).to_tokens(tokens);
        }
        self.vis.to_tokens(tokens);
        self.sig.to_tokens(tokens);
        match &self.body {
            Some(body) => body.brace.surround(tokens, |tokens| body.tokens.to_tokens(tokens)),
            None => <Token![;]>::default().to_tokens(tokens),
        }
    }
}

/// The attribute as one that stands before what it is for.
pub(crate) fn outer(attribute: &Attribute) -> Attribute {
    Attribute { style: syn::AttrStyle::Outer, ..attribute.clone() }
}
