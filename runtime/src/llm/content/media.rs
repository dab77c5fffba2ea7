//! Images, sounds and documents in messages, in the ways of the providers.

use crate::llm::content::message::{Media, Part, Place};
use crate::llm::content::tree::{Text, Tree};

/// What `part` refers to, if it is a medium; `kind` is its type, where it has one.
pub(super) fn media(kind: &str, part: &Tree) -> Option<Part> {
    let modality = modality_of_kind(kind).or_else(|| convention(part.text_of(&["modality"])?));
    // Anthropic and Bedrock have the data in a source, OpenAI in an object of the type's name, Gemini in `inlineData`.
    let inner = part.get(&[
        "source",
        "image_url",
        "image",
        "input_audio",
        "audio",
        "file",
        "document",
        "video",
        "inlineData",
        "inline_data",
        "fileData",
        "file_data",
        "Binary",
    ]);
    let inner = inner.unwrap_or(part);
    let holder = inner.get(&["source"]).unwrap_or(inner);
    let mime_type = text(&[holder, inner, part], &["media_type", "mimeType", "mime_type", "content_type"]);
    let format = text(&[holder, inner, part], &["format"]);
    if modality.is_none() && mime_type.is_none() {
        return None;
    }
    let (place, from_data) = place(&[holder, inner, part])?;
    let mime_type = from_data.or(mime_type);
    let modality = modality.or_else(|| mime_type.as_deref().map(modality_of_type)).unwrap_or("document");
    let mime_type = mime_type.or_else(|| format.map(|format| type_of_format(modality, &format)));
    Some(Part::Media(Media { modality, mime_type, place }))
}

/// An image that is given by its data alone, as Ollama has it.
pub(super) fn image(data: &Tree) -> Part {
    Part::Media(Media { modality: "image", mime_type: None, place: Place::Here(decoded(data)) })
}

/// Where the medium is that one of `holders` speaks of, and what type its data says it is.
fn place(holders: &[&Tree]) -> Option<(Place, Option<String>)> {
    for holder in holders {
        let url = holder.get(&["url", "image_url", "uri", "fileUri", "file_uri", "file_url"]);
        let url = if let Tree::Text(_) = holder { Some(*holder) } else { url };
        if let Some(Tree::Text(url)) = url {
            return Some(match data_url(url) {
                Some((mime_type, bytes)) => (Place::Here(bytes), Some(mime_type.to_owned())),
                None => (Place::Uri(url.clone()), None),
            });
        }
        if let Some(id) = holder.text_of(&["file_id", "fileId"]) {
            return Some((Place::File(id.to_owned()), None));
        }
        if let Some(bytes) = holder.get(&["bytes"]).and_then(Tree::as_int) {
            return Some((Place::Here(usize::try_from(bytes).unwrap_or(usize::MAX)), None));
        }
        if let Some(data) =
            holder.get(&["data", "file_data", "bytes", "base64", "Base64", "b64_json", "content"])
        {
            let from_data = if let Tree::Text(text) = data { data_url(text) } else { None };
            return Some(match from_data {
                Some((mime_type, bytes)) => (Place::Here(bytes), Some(mime_type.to_owned())),
                None => (Place::Here(decoded(data)), None),
            });
        }
    }
    None
}

fn text(holders: &[&Tree], keys: &[&str]) -> Option<String> {
    holders.iter().find_map(|holder| holder.text_of(keys)).map(str::to_owned)
}

/// The type and size of what a `data:` URL holds.
pub(super) fn data_url(url: &Text) -> Option<(&str, usize)> {
    let (head, _) = url.kept.strip_prefix("data:")?.split_once(',')?;
    let mime_type = head.strip_suffix(";base64")?.split(';').next()?;
    Some((mime_type, decoded_bytes(url.bytes - "data:,".len() - head.len())))
}

/// The bytes that data holds: base64 in a text, or the bytes themselves.
fn decoded(data: &Tree) -> usize {
    match data {
        Tree::Text(text) => decoded_bytes(text.bytes),
        Tree::Bytes(bytes) => *bytes,
        Tree::List(list) => list.len(),
        _ => 0,
    }
}

const fn decoded_bytes(base64: usize) -> usize {
    base64 / 4 * 3
}

fn modality_of_kind(kind: &str) -> Option<&'static str> {
    match kind {
        "image" | "image_url" | "input_image" | "output_image" | "image_file" => Some("image"),
        "audio" | "input_audio" | "output_audio" => Some("audio"),
        "video" | "video_url" | "input_video" => Some("video"),
        "document" | "file" | "input_file" => Some("document"),
        _ => None,
    }
}

/// The word of the conventions themselves.
fn convention(modality: &str) -> Option<&'static str> {
    ["image", "audio", "video", "document"].into_iter().find(|known| *known == modality)
}

/// `audio/wav` for a format that is called `wav`.
fn type_of_format(modality: &str, format: &str) -> String {
    match modality {
        _ if format.contains('/') => format.to_owned(),
        "document" => format!("application/{format}"),
        modality => format!("{modality}/{format}"),
    }
}

fn modality_of_type(mime_type: &str) -> &'static str {
    match mime_type.split('/').next() {
        Some("image") => "image",
        Some("audio") => "audio",
        Some("video") => "video",
        _ => "document",
    }
}
