export { default } from "./Number.svelte";
