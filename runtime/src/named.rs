//! Variants that variables of the environment name.

/// `FromStr` and `Display` of an enum whose variants have names, and what `$error` says of any other text.
macro_rules! named {
    ($type:ident, $error:ident, $expected:literal, { $($variant:ident = $name:literal),+ $(,)? }) => {
        impl std::str::FromStr for $type {
            type Err = $error;

            fn from_str(name: &str) -> Result<Self, $error> {
                match name.trim() {
                    $($name => Ok(Self::$variant),)+
                    _ => Err($error),
                }
            }
        }

        impl std::fmt::Display for $type {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(match self {
                    $(Self::$variant => $name,)+
                })
            }
        }

        impl std::fmt::Display for $error {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(concat!("expected ", $expected))
            }
        }

        impl std::error::Error for $error {}
    };
}

pub(crate) use named;
