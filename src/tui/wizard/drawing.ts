const PLAIN: Readonly<Record<string, string>> = {
  '─': '-',
  '═': '=',
  '┬': '+',
  '┴': '+',
  '├': '+',
  '└': '+',
  '┘': '+',
  '┐': '+',
  '│': '|',
  '╳': 'x',
  '…': '~',
};

/** A drawing in the signs that every terminal has. */
export const plainDrawing = (line: string): string => line.replace(/[─═┬┴├└┘┐│╳…]/g, (sign) => PLAIN[sign]!);
