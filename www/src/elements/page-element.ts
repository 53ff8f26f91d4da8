import { LitElement } from 'lit';
import { property } from 'lit/decorators.js';

/**
 * An element of this page that renders into the page itself: labels, popovers and tests reach across
 * elements, and one set of style sheets serves all. What others embed is an iframe, so nothing leaks.
 */
export class PageElement extends LitElement {
  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  /** Hear an event of the window for as long as this element is in the page. To be called once, by the constructor. */
  protected hear<Name extends keyof WindowEventMap>(name: Name, listener: (event: WindowEventMap[Name]) => void): void {
    this.addController({
      hostConnected: () => addEventListener(name, listener),
      hostDisconnected: () => removeEventListener(name, listener),
    });
  }
}

declare global {
  interface WindowEventMap {
    /** Colours have changed, and canvases must be painted anew. */
    'gs-theme': Event;
  }
}

/** A property whose object stays the same while its content changes: every new value renders. */
export const live = () => property({ attribute: false, hasChanged: () => true });
