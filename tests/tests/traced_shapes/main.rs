//! Every shape of function under every attribute: the span has the right name and the right parent, is open while the
//! body runs, and ends with the function, its future or its stream. `docs/shapes.md` is written from what is seen here.

#![allow(unsafe_code, reason = "unsafe functions can be annotated too")]
#![allow(clippy::diverging_sub_expression, reason = "functions that never return can be annotated too")]
#![allow(deprecated, reason = "deprecated functions can be annotated too")]
#![allow(dead_code, reason = "each shape is a function of its own, and some are there to be in the way")]

mod at_once;
mod functions;
mod hygiene;
mod methods;
mod observed;
mod returned;
mod shape;
mod streams;
mod table;
mod traits;

use shape::Section;
use table::Column;

/// All shapes with an attribute.
macro_rules! with {
    ($module:ident, $annotation:meta) => {
        mod $module {
            crate::shape::section!(at_once, crate::at_once::at_once!($annotation));
            crate::shape::section!(functions, crate::functions::functions!($annotation, [], call));
            crate::shape::section!(async_functions, crate::functions::functions!($annotation, [async], future));
            crate::shape::section!(methods, crate::methods::methods!($annotation, [], call));
            crate::shape::section!(async_methods, crate::methods::methods!($annotation, [async], future));
            crate::shape::section!(traits, crate::traits::traits!($annotation));
            crate::shape::section!(returned, crate::returned::returned!($annotation));
            crate::shape::section!(streams, crate::streams::streams!($annotation));
            crate::shape::section!(hygiene, crate::hygiene::hygiene!($annotation));

            pub(super) const SECTIONS: &[crate::Section] = &[
                crate::Section { title: "Functions", shapes: functions::SHAPES },
                crate::Section { title: "Functions that cannot be async", shapes: at_once::SHAPES },
                crate::Section { title: "Async functions", shapes: async_functions::SHAPES },
                crate::Section { title: "Methods", shapes: methods::SHAPES },
                crate::Section { title: "Async methods", shapes: async_methods::SHAPES },
                crate::Section { title: "Traits", shapes: traits::SHAPES },
                crate::Section { title: "Functions that return futures", shapes: returned::SHAPES },
                crate::Section { title: "Functions that return streams", shapes: streams::SHAPES },
                crate::Section { title: "Names in the way, functions made by macros", shapes: hygiene::SHAPES },
            ];
        }
    };
}

with!(traced, ::throughline::traced);
with!(llm_span, ::throughline::llm_span(provider = "local", model = "m"));
with!(embedding_span, ::throughline::embedding_span(provider = "local", model = "m"));
with!(retrieval_span, ::throughline::retrieval_span);
with!(rerank_span, ::throughline::rerank_span(model = "m"));
with!(tool_span, ::throughline::tool_span);
with!(agent_span, ::throughline::agent_span);
with!(workflow_span, ::throughline::workflow_span);

const COLUMNS: &[Column] = &[
    Column { attribute: "traced", sections: traced::SECTIONS, name_of: |function| function.to_owned() },
    Column { attribute: "llm_span", sections: llm_span::SECTIONS, name_of: |_| "chat m".to_owned() },
    Column {
        attribute: "embedding_span",
        sections: embedding_span::SECTIONS,
        name_of: |_| "embeddings m".to_owned(),
    },
    Column {
        attribute: "retrieval_span",
        sections: retrieval_span::SECTIONS,
        name_of: |_| "retrieval".to_owned(),
    },
    Column { attribute: "rerank_span", sections: rerank_span::SECTIONS, name_of: |_| "rerank m".to_owned() },
    Column {
        attribute: "tool_span",
        sections: tool_span::SECTIONS,
        name_of: |function| format!("execute_tool {function}"),
    },
    Column {
        attribute: "agent_span",
        sections: agent_span::SECTIONS,
        name_of: |function| format!("invoke_agent {function}"),
    },
    Column {
        attribute: "workflow_span",
        sections: workflow_span::SECTIONS,
        name_of: |function| format!("invoke_workflow {function}"),
    },
];

#[test]
fn the_table_of_shapes_is_what_the_spans_show() {
    table::check("docs/shapes.md", &table::render(COLUMNS));
}
