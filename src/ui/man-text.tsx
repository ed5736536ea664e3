import { type ComponentChildren, createContext, type JSX } from "preact";
import { useContext } from "preact/hooks";
import type { ManBlock, ManInline, ManName } from "../state/index.ts";
import { useLab } from "./lab-context.ts";
import { ManNameText } from "./man-link.tsx";

/** What a page's references do, and which page it is: that one is not a link to itself. */
export interface ManSurroundings {
  readonly name: ManName;
  readonly follow: (name: ManName) => void;
}
const Surroundings = createContext<ManSurroundings | undefined>(undefined);
export const ManSurroundingsProvider = Surroundings.Provider;

/** Another page: a link when the guest has it. */
function Reference({ page, section }: ManName): JSX.Element {
  const { man } = useLab();
  const around = useContext(Surroundings);
  const isItself = around?.name.page === page && around.name.section === section;
  if (around === undefined || isItself || !man.has({ page, section }))
    return (
      <span class="man-plain">
        <strong>{page}</strong>({section})
      </span>
    );
  return (
    <button
      type="button"
      class="man man-link"
      data-testid="man-reference"
      onClick={() => around.follow({ page, section })}
    >
      <ManNameText page={page} section={section} />
    </button>
  );
}

function renderInline(inline: ManInline, key: number): ComponentChildren {
  switch (inline.type) {
    case "text":
      return inline.text;
    case "strong":
      return <strong key={key}>{inline.children.map(renderInline)}</strong>;
    case "emphasis":
      return <em key={key}>{inline.children.map(renderInline)}</em>;
    case "link":
      return (
        <a key={key} href={inline.url} target="_blank" rel="noopener noreferrer">
          {inline.children.map(renderInline)}
        </a>
      );
    case "reference":
      return <Reference key={key} page={inline.page} section={inline.section} />;
    case "break":
    default:
      return <br key={key} />;
  }
}

function renderBlock(block: ManBlock, key: number): JSX.Element {
  switch (block.type) {
    case "paragraph":
      return <p key={key}>{block.children.map(renderInline)}</p>;
    case "code":
      return (
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be in a keyboard's reach
        <pre key={key} tabIndex={0}>
          {block.children.map(renderInline)}
        </pre>
      );
    case "indent":
      return (
        <div key={key} class="man-indent">
          {block.children.map(renderBlock)}
        </div>
      );
    case "list":
      return (
        <ul key={key}>
          {block.items.map((item, i) => (
            <li key={i}>{item.map(renderBlock)}</li>
          ))}
        </ul>
      );
    case "terms":
      return (
        <dl key={key}>
          {block.items.map(({ terms, body }, i) => (
            <div key={i}>
              {terms.map((term, n) => (
                <dt key={n}>{term.map(renderInline)}</dt>
              ))}
              <dd>{body.map(renderBlock)}</dd>
            </div>
          ))}
        </dl>
      );
    case "table":
    default:
      return (
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- as above
        <div key={key} class="man-table" tabIndex={0}>
          <table>
            <tbody>
              {block.rows.map((cells, i) => (
                <tr key={i}>
                  {cells.map((cell, n) => (
                    <td key={n}>{cell.map(renderBlock)}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      );
  }
}

/** The text of a section. */
export function ManText({ of }: { readonly of: readonly ManBlock[] }): JSX.Element {
  return <>{of.map(renderBlock)}</>;
}
