import { asCodedError, CodedError } from "../../src/base/index.ts";

async function compileOnce(url: string, cache: RequestCache): Promise<WebAssembly.Module> {
  let response: Response;
  try {
    response = await fetch(url, { credentials: "omit", cache });
  } catch (error) {
    throw new CodedError("network", "the emulator could not be fetched", { cause: error });
  }
  if (!response.ok) {
    throw new CodedError("asset-missing", `the emulator is not on the server (status ${response.status})`);
  }
  try {
    if (response.headers.get("content-type") === "application/wasm")
      return await WebAssembly.compileStreaming(response);
    return await WebAssembly.compile(await response.arrayBuffer());
  } catch (error) {
    throw error instanceof WebAssembly.CompileError
      ? new CodedError("asset-corrupt", "the emulator has arrived damaged", { cause: error })
      : asCodedError(error, "asset-truncated");
  }
}

/** Compiles v86. Streaming lets the browser keep the compiled code; a file that is cut short does not compile. */
export async function fetchWasm(url: string): Promise<WebAssembly.Module> {
  try {
    return await compileOnce(url, "default");
  } catch (error) {
    if (asCodedError(error).code !== "asset-corrupt") throw error;
    return await compileOnce(url, "reload");
  }
}
