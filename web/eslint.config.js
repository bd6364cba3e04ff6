import js from "@eslint/js";
import svelte from "eslint-plugin-svelte";
import ts from "typescript-eslint";
import svelteConfig from "./svelte.config.js";

export default ts.config(
  { ignores: ["src/core/schema.d.ts", "node_modules/"] },
  js.configs.recommended,
  ...ts.configs.strict,
  ...svelte.configs.recommended,
  ...svelte.configs.prettier,
  {
    rules: {
      // The compiler knows every name, the browser's too.
      "no-undef": "off",
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
      "@typescript-eslint/no-non-null-assertion": "error",
      "@typescript-eslint/consistent-type-imports": "error",
      eqeqeq: ["error", "always", { null: "ignore" }],
      "no-console": "error",
    },
  },
  {
    files: ["**/*.svelte", "**/*.svelte.ts"],
    languageOptions: { parserOptions: { parser: ts.parser, extraFileExtensions: [".svelte"], svelteConfig } },
    rules: {
      // Places are hashes, which need no resolving.
      "svelte/no-navigation-without-resolve": "off",
      // Sets and maps here are made, filled and read in one go.
      "svelte/prefer-svelte-reactivity": "off",
    },
  },
  {
    // Layers: core knows no tool and no view; tools know no view and not one another.
    files: ["src/core/**"],
    rules: {
      "no-restricted-imports": [
        "error",
        { patterns: ["**/tools/**", "**/views/**", "**/parts/**", "**/state.svelte*"] },
      ],
    },
  },
  {
    files: ["src/tools/*/**"],
    rules: {
      "no-restricted-imports": [
        "error",
        { patterns: ["**/views/**", "../choice/**", "../choices/**", "../number/**"] },
      ],
    },
  },
);
