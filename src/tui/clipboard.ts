/** OSC 52: the terminal puts text on the clipboard, also over ssh; tmux and screen want it wrapped. */

/** The sequence that copies `text`, for the terminal that the environment describes. */
export function copySequence(text: string, env: Readonly<Record<string, string | undefined>>): string {
  const copy = `\u001b]52;c;${Buffer.from(text).toString('base64')}\u0007`;
  // tmux takes OSC 52 itself with `set-clipboard`, and hands the wrapped one to the terminal with `allow-passthrough`.
  if (env.TMUX) return `${copy}\u001bPtmux;${copy.replaceAll('\u001b', '\u001b\u001b')}\u001b\\`;
  if (env.STY || env.TERM?.startsWith('screen')) {
    // screen cuts a device control string at 768 bytes.
    return (copy.match(/[\s\S]{1,700}/g) ?? []).map((part) => `\u001bP${part}\u001b\\`).join('');
  }
  return copy;
}
