//! The keys of a kustomization.

/// Keys that kustomize reads; it refuses all others.
pub const KEYS: [&str; 34] = [
    "apiVersion",
    "kind",
    "metadata",
    "resources",
    "components",
    "crds",
    "bases",
    "patches",
    "patchesJson6902",
    "patchesStrategicMerge",
    "configMapGenerator",
    "secretGenerator",
    "generatorOptions",
    "generators",
    "transformers",
    "validators",
    "configurations",
    "namespace",
    "namePrefix",
    "nameSuffix",
    "labels",
    "commonLabels",
    "commonAnnotations",
    "buildMetadata",
    "images",
    "imageTags",
    "replicas",
    "replacements",
    "vars",
    "openapi",
    "helmCharts",
    "helmGlobals",
    "helmChartInflationGenerator",
    "sortOptions",
];
/// Keys that bring objects or names which are not read here.
const OPEN: [&str; 14] = [
    "bases",
    "patchesJson6902",
    "configMapGenerator",
    "secretGenerator",
    "generators",
    "transformers",
    "configurations",
    "namePrefix",
    "nameSuffix",
    "replacements",
    "vars",
    "helmCharts",
    "helmChartInflationGenerator",
    "openapi",
];

/// Whether a key brings what is not read here, or is unknown.
pub fn is_open(key: &str) -> bool {
    OPEN.contains(&key) || !KEYS.contains(&key)
}
