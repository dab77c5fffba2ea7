//! What is read from the returned value.

use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};

use crate::expand::paths::private;
use crate::model::{Returns, Spec};

/// The statements that look at the value behind the reference `__returned`. Empty when there is nothing to see.
pub(crate) fn outcome(spec: &Spec, returns: &Returns) -> TokenStream {
    let private = private(spec);
    let mark = match returns {
        _ if matches!(spec.err, Some(None)) => quote!(),
        Returns::Open(_) => quote_spanned!(Span::mixed_site()=> #private::outcome!(__returned);),
        Returns::OpaqueResult(_) => {
            quote_spanned!(Span::mixed_site()=> #private::outcome!(result __returned);)
        }
        _ => quote!(),
    };
    quote!(#mark)
}
