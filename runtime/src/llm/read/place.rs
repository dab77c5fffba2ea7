//! Where in a response the walk is, and where a field leads to.

use super::table;
use crate::llm::counts::Count;

/// Where in a response the walk is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// Nothing of interest below.
    Ignore,
    /// Something whose parts are of interest.
    Node(Node),
    /// A text or number of interest.
    Leaf(Leaf),
}

/// Something whose parts are of interest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Node {
    /// A response, a chunk, an event of a stream, or a message that has the response's fields.
    Root,
    /// A response that a client crate keeps beside its own reading of it: the usage would count twice.
    Raw,
    /// The choices of OpenAI, the candidates of Gemini.
    Choices,
    /// A choice's message.
    Message,
    /// What a chunk adds to it.
    Delta,
    /// Parts of a message, items of an output, or what wraps such a list.
    Items,
    /// One of them, of a kind that its `type` tells.
    Item,
    /// A list of tool calls.
    Calls,
    /// A tool call.
    Call,
    /// A usage report.
    Usage,
    /// The input's details in it.
    InputDetails,
    /// The output's details in it.
    OutputDetails,
    /// Anthropic's writes to the cache, by how long they are kept.
    CacheCreation,
    /// Gemini's input, by text, audio, image ..
    InputModalities,
    /// Gemini's output.
    OutputModalities,
    /// What Gemini read from its cache.
    CacheModalities,
    /// Anthropic's calls of its own tools.
    ServerTools,
    /// What Cohere and Groq say beside the response.
    Meta,
    /// What Cohere bills of it.
    Billed,
    /// What went wrong.
    Error,
    /// Who answered: genai's pair of adapter and model name, rig's origin.
    Origin,
    /// Why a response of OpenAI is incomplete.
    Incomplete,
}

/// A text or number of interest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Leaf {
    Id,
    Model,
    ServiceTier,
    /// Anthropic's tier, which stands with the usage.
    BilledTier,
    FinishReason,
    Status,
    ErrorType,
    /// What an event of a stream tells.
    EventType,
    /// What the model says: text, reasoning, the arguments of a tool call. Its length counts.
    Content,
    ItemType,
    ItemId,
    /// The ID that the result of the call refers to, which wins over the item's own.
    CallId,
    ItemName,
    Count(Count),
    /// What the count beside it is a count of.
    Modality,
    /// A count, if it is one of audio.
    AudioCount(Count),
    Cost,
    /// xAI's cost: ten billion ticks are a US dollar.
    CostTicks,
}

/// How serde_json hides a number of arbitrary precision from other serializers.
const BIG_NUMBER: &str = "$serde_json::private::Number";

impl Place {
    pub(super) const ROOT: Self = Self::Node(Node::Root);

    /// Where the field `key` leads to.
    #[inline(always)] // for the same reason as `table::lead`
    pub(super) fn field(self, key: &str) -> Self {
        match self {
            Self::Node(node) => table::lead(node, key),
            _ => self.field_of_leaf(key),
        }
    }

    /// A cost that is an object, a text in a part of its own, and a number that is written as an object.
    #[inline(never)] // rare
    fn field_of_leaf(self, key: &str) -> Self {
        match self {
            Self::Leaf(Leaf::Cost) if matches!(key, "total_cost" | "total") => self,
            Self::Leaf(Leaf::Content) if matches!(key, "text" | "thinking") => self,
            Self::Leaf(_) if key == BIG_NUMBER => self,
            _ => Self::Ignore,
        }
    }

    /// Where the elements of a list lead to.
    #[inline]
    pub(super) const fn element(self) -> Self {
        match self {
            Self::Node(Node::Items) => Self::Node(Node::Item),
            Self::Node(Node::Calls) => Self::Node(Node::Call),
            other => other,
        }
    }

    /// Where the content of an enum's variant leads to. Events of a stream and alternatives of a response are as good
    /// as what they hold; a part says by it whether it is a tool call.
    pub(super) fn variant(self, name: &str) -> Self {
        match self {
            Self::Node(Node::Item) if is_tool_call(name) => Self::Node(Node::Call),
            Self::Node(Node::Item) => Self::Ignore,
            other => other,
        }
    }
}

impl Node {
    /// Tells the nodes apart in tables.
    pub(super) const COUNT: usize = Self::Incomplete as usize + 1;

    pub(super) const fn is_item(self) -> bool {
        matches!(self, Self::Item | Self::Call)
    }
}

/// Whether an item of this type is a tool call for us to answer; what a provider calls on its own side is not.
pub(super) fn is_tool_call(kind: &str) -> bool {
    matches!(
        kind,
        "function_call"
            | "tool_use"
            | "tool_call"
            | "custom_tool_call"
            | "function"
            | "custom"
            | "toolcall"
            | "ToolCall"
            | "ToolUse"
            | "FunctionCall"
            | "functionCall"
            | "toolUse"
    )
}
