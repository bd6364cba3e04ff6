import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vite";

// `npm run dev` serves the sources and asks a running `groundswell` for everything else.
const server = process.env.GROUNDSWELL_SERVER ?? "http://127.0.0.1:8000";

export default defineConfig({
  plugins: [svelte()],
  base: "./",
  build: {
    outDir: process.env.GROUNDSWELL_OUT ?? "../src/groundswell/app/static",
    emptyOutDir: true,
    assetsInlineLimit: 0, // the Content-Security-Policy allows files of our own, nothing inline
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    license: { fileName: "licenses.txt" }, // of the packages that the page carries in it
  },
  server: { proxy: { "/api": server, "/media": server } },
});
