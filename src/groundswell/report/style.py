"""The style sheet of reports."""

from __future__ import annotations

from groundswell.report.theme import colours

STYLE = (
    colours()
    + """
*{box-sizing:border-box;margin:0}
body{background:var(--ground);color:var(--ink);font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;
max-width:880px;margin:0 auto;padding:40px 24px 64px;overflow-wrap:break-word}
h1{font-size:30px;font-weight:650;letter-spacing:-.02em;line-height:1.2}
h2{font-size:20px;font-weight:650;letter-spacing:-.01em;margin-bottom:8px}
header p{color:var(--soft);margin-top:6px;max-width:75ch}
p{max-width:75ch;margin-bottom:8px}
.road{list-style:none;padding:12px 0;margin:24px 0 0;display:flex;flex-wrap:wrap;gap:4px 24px;
border-top:1px solid var(--line);border-bottom:1px solid var(--line);font-size:14px}
.road small{color:var(--faint);font-size:13px;font-variant-numeric:tabular-nums}
.road .done{font-weight:600}.road .open{color:var(--soft)}.road .next{color:var(--accent);font-weight:600}
section{padding:32px 0 8px}section+section{border-top:1px solid var(--line);margin-top:24px}
.figures{display:flex;flex-wrap:wrap;gap:16px 40px;margin:16px 0 8px}
dt{color:var(--soft);font-size:14px}
dd{font-size:26px;font-weight:600;letter-spacing:-.01em;line-height:1.25;font-variant-numeric:tabular-nums}
small{font-size:14px;font-weight:400;letter-spacing:0;color:var(--faint)}
figure{margin:24px 0 8px}
figcaption,caption{font-size:14px;font-weight:600;color:var(--soft);text-align:left;margin-bottom:10px}
.chart{display:block;width:100%;max-width:720px;height:auto;overflow:visible}
.chart text{unicode-bidi:isolate}.num,.n{font-variant-numeric:tabular-nums}
.wide{overflow-x:auto;margin:20px 0 8px}
table{border-collapse:collapse;min-width:min(100%,480px);font-size:14.5px}
td,th{text-align:left;vertical-align:top;padding:6px 20px 6px 0;border-bottom:1px solid var(--line)}
td{max-width:52ch}
th{color:var(--faint);font-weight:400;font-size:13px}.n{text-align:right;white-space:nowrap}
footer{margin-top:40px;padding-top:12px;border-top:1px solid var(--line);color:var(--faint);font-size:13px}
@media print{body{max-width:none;padding:0;font-size:11pt}section,figure,tr{break-inside:avoid}.road{font-size:10pt}}
"""
)
