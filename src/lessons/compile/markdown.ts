import remarkDirective from "remark-directive";
import remarkFrontmatter from "remark-frontmatter";
import remarkParse from "remark-parse";
import { unified } from "unified";

const processor = unified().use(remarkParse).use(remarkFrontmatter, ["yaml"]).use(remarkDirective).freeze();

export function parseMarkdown(source: string): Root {
  return processor.parse(source);
}

export type Root = ReturnType<typeof processor.parse>;
/** Anything that stands in the flow of a page. */
export type Flow = Root["children"][number];
export type Container = Extract<Flow, { type: "containerDirective" }>;
export type Leaf = Extract<Flow, { type: "leafDirective" }>;
export type Code = Extract<Flow, { type: "code" }>;
/** Anything that stands within a line. */
export type Phrase = Extract<Flow, { type: "paragraph" }>["children"][number];
