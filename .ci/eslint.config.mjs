import js from "@eslint/js";

const rules = { "no-var": "error", "prefer-const": "error", eqeqeq: "error", "no-shadow": "error" };
const names = ["document", "history", "innerWidth", "localStorage", "location", "navigator", "window"];
names.push("Blob", "Element", "HTMLTemplateElement", "Option", "URL");
const globals = Object.fromEntries(names.map((name) => [name, "readonly"]));

export default [
  js.configs.recommended,
  { rules },
  { files: ["page-*.mjs"], languageOptions: { globals } },
];
