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
}

/** A property whose object stays the same while its content changes: every new value renders. */
export const live = () => property({ attribute: false, hasChanged: () => true });
