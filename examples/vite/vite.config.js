import { defineConfig } from "vite";

export default defineConfig({
  base: "./",
  build: { target: "es2023" },
  worker: { format: "es" },
  // The development server would move the library away from its worker.
  optimizeDeps: { exclude: ["vivarium"] },
});
