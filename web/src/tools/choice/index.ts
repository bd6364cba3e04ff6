export { default } from "./Choice.svelte";
