// What of a page acts, and what the focus looks like: for keyboard_walk.py, which presses the keys.
(() => {
  const NATIVE = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']";
  const ROLES = ["button", "link", "checkbox", "radio", "switch", "tab", "menuitem", "option", "textbox", "combobox"];
  const ACTS = [NATIVE, ...ROLES.map((role) => `[role=${role}]`)].join(", ");
  // One stop for Tab, arrow keys between its parts (WAI-ARIA Authoring Practices, composite widgets).
  const COMPOSITES = "[role=tablist], [role=radiogroup], [role=listbox], [role=menu], [role=grid], .text[role=group]";
  const FRAMES = 4;
  const OURS = "[data-testid=stHtml], [data-testid^=stBidiComponent]";

  const up = (node) => node.parentElement ?? node.getRootNode().host ?? null;
  const near = (node, selector) => {
    for (let at = node; at; at = up(at)) if (at.matches(selector)) return at;
    return null;
  };
  const everything = (root) =>
    [...root.querySelectorAll("*")].flatMap((node) => [node, ...(node.shadowRoot ? everything(node.shadowRoot) : [])]);
  const usable = (node) => {
    const box = node.getBoundingClientRect();
    const seen = box.width > 0 && box.height > 0 && node.checkVisibility({ visibilityProperty: true });
    return seen && !node.matches(":disabled, [aria-disabled=true]") && !near(node, "[inert], [aria-hidden=true]");
  };
  const named = (node) => {
    const words = node.getAttribute("aria-label") || node.labels?.[0]?.innerText || node.innerText || "";
    return `${node.getAttribute("role") ?? node.localName}: ${words.replace(/\s+/g, " ").trim().slice(0, 60)}`;
  };
  // The outline, shadow and border of a thing and of what is drawn around it: a field shows its focus on its frame.
  const look = (node) => {
    const looks = [];
    for (let at = node; at && looks.length < FRAMES; at = up(at)) {
      const { outlineStyle, outlineWidth, outlineColor, boxShadow, borderColor, borderStyle } = getComputedStyle(at);
      const outline = outlineStyle === "none" ? [] : [outlineStyle, outlineWidth, outlineColor];
      looks.push([...outline, boxShadow, borderColor, borderStyle].join(" "));
    }
    return looks;
  };

  const numbers = new Map();
  const numberOf = (node) => {
    if (!numbers.has(node)) numbers.set(node, numbers.size);
    return numbers.get(node);
  };
  const told = (node) => {
    const composite = near(node, COMPOSITES);
    return {
      number: numberOf(node),
      name: named(node),
      ours: !!near(node, OURS),
      composite: composite && composite !== node ? numberOf(composite) : null,
      look: look(node),
    };
  };
  // What we make clickable without saying what it is looks like it: the hand.
  const acts = (node) =>
    node.matches(ACTS) ||
    (near(node, OURS) && getComputedStyle(node).cursor === "pointer" && !near(node, `${ACTS}, label`));

  window.keyboardWalk = {
    actors: () => everything(document).filter(acts).filter(usable).map(told),
    // What has the focus; null where it is at the browser's own controls.
    atFocus: () => {
      let at = document.activeElement;
      while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
      return !at || at === document.body ? null : told(at);
    },
    // How everything met so far looks now that nothing has the focus, by number. React draws a blur in its own time.
    unfocusedLooks: async () => {
      document.activeElement?.blur();
      await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
      return Object.fromEntries([...numbers].map(([node, number]) => [number, look(node)]));
    },
  };
})();
