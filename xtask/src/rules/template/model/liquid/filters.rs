//! Stand-ins for cargo-generate's own filters, so that the `liquid` crate takes them for known.

use heck::{
    ToKebabCase, ToLowerCamelCase, ToPascalCase, ToShoutyKebabCase, ToShoutySnakeCase, ToSnakeCase,
    ToTitleCase, ToUpperCamelCase,
};
use liquid_core::parser::{FilterArguments, FilterReflection, ParameterReflection, ParseFilter};
use liquid_core::{Filter, Runtime, Value, ValueView};

/// One of cargo-generate's filters: parses and converts as it does, but `rhai`, which would run a script, does nothing.
#[derive(Clone, Copy, Debug)]
pub struct Stub(pub &'static str);

impl ParseFilter for Stub {
    fn parse(&self, mut arguments: FilterArguments<'_>) -> liquid_core::Result<Box<dyn Filter>> {
        if arguments.positional.next().is_some() || arguments.keyword.next().is_some() {
            let message = format!("`{}` takes no arguments", self.0);
            return Err(liquid_core::Error::with_msg(message));
        }
        Ok(Box::new(*self))
    }

    fn reflection(&self) -> &dyn FilterReflection {
        self
    }
}

impl FilterReflection for Stub {
    fn name(&self) -> &str {
        self.0
    }

    fn description(&self) -> &'static str {
        "one of cargo-generate's"
    }

    fn positional_parameters(&self) -> &'static [ParameterReflection] {
        &[]
    }

    fn keyword_parameters(&self) -> &'static [ParameterReflection] {
        &[]
    }
}

impl Filter for Stub {
    fn evaluate(&self, input: &dyn ValueView, _: &dyn Runtime) -> liquid_core::Result<Value> {
        let text = input.to_kstr();
        let converted = match self.0 {
            "kebab_case" => text.to_kebab_case(),
            "lower_camel_case" => text.to_lower_camel_case(),
            "pascal_case" => text.to_pascal_case(),
            "shouty_kebab_case" => text.to_shouty_kebab_case(),
            "shouty_snake_case" => text.to_shouty_snake_case(),
            "snake_case" => text.to_snake_case(),
            "title_case" => text.to_title_case(),
            "upper_camel_case" => text.to_upper_camel_case(),
            _ => return Ok(input.to_value()),
        };
        Ok(Value::scalar(converted))
    }
}

impl std::fmt::Display for Stub {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.0)
    }
}
