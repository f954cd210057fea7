"""What compare_programs.py compares: cases, the files they name, and the intended differences.

A line of CASES is a case: a command line without `nkplan`, quoted as in a shell. In addition

    list ; update songchon idle ; undo     is run one after the other, with the same database
    COLUMNS=80 list -f table               sets the environment
    80x24 list                             is run on a terminal of 80 columns and 24 lines
    load - < more.json                     has a file as standard input
    !damaged ; list                        runs the step `damaged` of compare_steps.py first
    report {pace,use} -f {csv,md}          is one case for each combination of words: here four
    list --silent 36 => list --months 36   is one line for OLD, and another for NEW

A line that begins with spaces continues the one before; a line that begins with # is a comment. The files of
FILES that a case names are in its folder.
"""

import json
import re
import unicodedata
from collections.abc import Callable
from typing import Any, NamedTuple


class Meant(NamedTuple):
    """An intended difference: where OLD has `old` in the `stream` of `cases`, NEW has `new`.

    `cases` is the case as written, or a pattern with *. A stream is code, stdout (on a terminal everything
    shown), stderr or files. An empty `old` means that NEW adds `new`; an empty `new`, that it omits `old`.
    """

    reason: str
    cases: str
    stream: str
    old: str
    new: str


class Alike(NamedTuple):
    """What is the same in OLD and NEW although it is written differently.

    In both, each match of the regular expression `pattern` is replaced by `put` before they are compared.
    """

    reason: str
    pattern: str
    put: str | Callable[[re.Match[str]], str] = ""
    stream: str = "*"
    cases: str = "*"
    """Patterns as in Meant, with | between them."""


_CLASSES = {
    "state-media": "promiser",
    "satellite-imagery": "imagery",
    "ground-source": "on-site",
    "government": "authority",
    "foreign-media": "press",
    "foreign-media and expert": "press, expert and interested",
    # The label of the shipped record, which tables show.
    "state media": "promiser",
}
_NEW_WORDS = {
    **_CLASSES,
    "wrong-province": "wrong-region",
    "no place": "no region",
    "province": "region",
    "provinces": "regions",
    "province_name": "region_name",
    "unit": "label",
    "nkplan/1": "nkplan/2",
    "idle, paused": "idle, closed, paused",
    "19 checks of": "22 checks of",
    "settled, known and rank": "effective_day, known_day and rank",
    "replaced_rows": "former_rows",
    "search text of this place is": "indexed words of this place are",
    "it is 10595 km": "it is about 10595 km",
}
"""Words and phrases of OLD, each with what NEW has in its place."""

_WORDS_OF_CLASSES = {*re.findall(r"\w+", " ".join([*_CLASSES, *_CLASSES.values()]))}
"""Are in other lines of a table where they are longer or shorter."""

_NULL = r'"\w+": null(,\s*)?|,(?=\s*[}\]])'


def _put_new_word(found: re.Match[str]) -> str:
    return _NEW_WORDS[found[0]]


def _put_capitals(found: re.Match[str]) -> str:
    return found[0].upper()


def _compose(found: re.Match[str]) -> str:
    return unicodedata.normalize("NFC", found[0])


def _drop_empty_columns(found: re.Match[str]) -> str:
    rows = [re.split(r" ?(?<!\\)\| ?", line)[1:-1] for line in found[0].splitlines()]
    kept = [column for column in zip(*rows, strict=True) if {*column[2:]} - {"", "no"}]
    return "".join(f"| {' | '.join(row)} |\n" for row in zip(*kept, strict=True))


def _sort_words(found: re.Match[str]) -> str:
    words = re.findall(r"\w+", re.sub(r"\x1b\[[\d;]*m", "", found[0]))
    return "\n".join(sorted(word for word in words if word not in _WORDS_OF_CLASSES))


def _sort_lines(found: re.Match[str]) -> str:
    return "".join(sorted(found[0].splitlines(keepends=True)))


MEANT: tuple[Meant | Alike, ...] = (
    Alike(
        "words of nkplan/2; labels are words, too",
        # Not within a word, but perhaps behind a colour, which ends in m.
        rf"(?:(?<!\w)(?<!\w-)|(?<=\dm))({'|'.join(sorted(_NEW_WORDS, key=len, reverse=True))})(?![\w-])",
        _put_new_word,
    ),
    Alike(
        "a sentence has a verb",
        r"(?:provinces|regions) with a site: (\d+) of (\d+)",
        r"\1 of \2 rows have a site",
    ),
    Alike("links are normalised", r"%[0-9a-f]{2}", _put_capitals),
    Alike("the updates are on another page", "Page \\d+: ", "", "stderr", "!damaged *"),
    Alike("texts are stored in NFC", "[a-z][\u0300-\u036f]+", _compose),
    Alike("Markdown has no empty columns", r"(^\|.*\|\n){3,}", _drop_empty_columns),
    Alike("a key without a value is the same as no key", _NULL, "", "[sf]*"),
    Alike(
        "the shipped record has settings",
        r'"settings": \{[^{}]*(\{[^{}]*\}\s*)?\},\s*'
        r'|^\{"list": "settings".*\n|^settings: .*\n|\d settings, ',
    ),
    Alike(
        "suggestions are better",
        r"(?:did\s+you\s+mean\s+[\w-]+\?\s+\(choose\s+from|write\s+one\s+of)\s+([^)\n]*)\)?",
        r"\1",
        "std*",
    ),
    Alike(
        "search ranks differently",
        r"(^.*\n){2,}",
        _sort_lines,
        "stdout",
        "search * | 80x400 search * | !stale-search *",
    ),
    Meant(
        "a form of the word is suggested",
        "search factory --list project",
        "stderr",
        "write only its beginning",
        "did you mean factories?",
    ),
    Meant(
        "another id is suggested",
        "show 20x10 --as-of 2010",
        "stderr",
        "`nkplan list` lists the sites (as of",
        "did you mean yongbyon-reactor-2010? (as of",
    ),
    Meant(
        "the table of former rows has an index",
        "!no-table *",
        "stdout",
        "",
        "changed-schema\tformer_rows_by_id\t\tthe index is missing, and the rows of its table cannot be"
        " rebuilt; restore a backup with nkplan restore\n",
    ),
    Meant("the table of former rows has an index", "!no-table *", "stderr", "2 findings", "3 findings"),
    Alike(
        "longer and shorter words make a table wrap differently",
        r"(.|\n)+",
        _sort_words,
        "stdout",
        "COLUMNS=* | *x24 * | *x40 * | *x400 * | * -f table",
    ),
)
"""The intended differences. One that no case needs has to be removed."""


BASE = """
list ;
load more.json ;
update songchon operating --on 2026-06 --source https://example.org/songchon --title "In use"
    --published 2026-07-01 --publisher "=HYPERLINK(A1)" --evidence satellite-imagery --confidence medium
    --note "- lights at night" ;
update kusong-factories --also hamju --percent 99.5 --on 2025-Q1 --evidence expert --note "Nearly done." ;
add "Hoeyang power station" --kind power-station --place Hoeyang --promised 2025 --on 2023-01-25
    --source https://example.org/hoeyang --title "Tunnelling is done" --evidence state-media ;
update grand-canal paused --on 2026-01 --note "A mistake." ;
undo ;
undo c06459a31a1e ;
load later.json ;
undo
"""
"""How OLD creates the database that each case starts from, except for the instants of its changes."""

CASES = """
# ---- the program itself
{--help,-h,--version}
--help < empty.json
nothing
lst
--db
--nonsense
list show
{list,show,report,search,check,add,update,undo,redo,log,load,export,backup,restore} --help
COLUMNS={40,120,200} {list,report,update,load} --help
80x24 --help
120x40 {list,report,check} -h
{list,show,report,search,check,add,update,undo,redo,log,load,export,backup,restore} --nonsense

# ---- list: forms and places
list
list -f {table,tsv,csv,json,jsonl,md}
COLUMNS={10,40,80,120,nonsense} list -f table
80x24 list
120x40 list
{80,120,200}x400 list --limit 0
40x24 list --kind hospital
NO_COLOR=1 80x24 list --kind hospital
80x24 list -f {tsv,csv,json,jsonl,md} --limit 3
list -o out.{tsv,csv,json,jsonl,md}
list -o OUT.CSV
list -o out.txt
list -o out.txt -f {table,csv,json}
list -o -
80x24 list -o - --limit 5
list -o out
list -o .
list -o nowhere/out.csv
list -o /dev/{null,full} -f csv
list -o nkplan.db -f csv
list -o nkplan.db-journal -f csv
!locked-output ; list -o kept.csv
list -o faults.json
list -f xml
list --exact
list --exact -f {csv,tsv,json}

# ---- list: filters
list {songchon,성천,UNSAN,farm,zzz}
list works -f csv
list works -f csv --exact
80x24 list works
list ""
list "--"
list -- -x
list "· ·"
list --kind {factory,Hospital,power-station,offshore-farm,hospitl,railway}
list --status {operating,completed,idle,paused,none,done}
list --province {KP-02,"South Pyongan",jagang,none,Narnia,평안남도}
list --place {Unsan,kp-02-unsan,Pyongyang,Hamju,Nowhere,"P'yongyang",운산군}
list --programme {20x10,county,none,50x50,farms,"20x10 factories"}
list --year {2024,2026,none,2030,soon,24}
list --counted {named,started,complete_claimed,complete-claimed,in_use_verified}
list --counted {claimed_complete,operating,claimed}
list --counted started --programme 20x10 --year 2024 -f json
list --unverified
list --overdue
list --unverified --overdue
list --unverified --kind factory -f csv
list --overdue --as-of 2025-12-31 -f md
80x24 list {--unverified,--overdue}
list --kind canal --status operating
list --kind hospital --year 2026 --province "South Pyongan" -f json
list --kind canal --kind other --columns id

# ---- list: what is silent
list --silent
list --silent --kind power-station
list --silent -f {csv,json}
80x24 list --silent
list --silent --as-of 2023
list farm --silent
list --silent -- farm
--db nkplan.db list --silent
list --silent farm
list --silent --kind canal --status operating
list --silent --months 36
list --silent --months 0
list --months 12
list --months 48 --silent
list --months 1000000
list --silent --months 36 -f csv
list farm --silent --months 36 -f json
120x40 list --silent --months 48
list --months 36 --as-of 2025-06
list --silent --months 12 --status idle
list --months=36
list --months=-1

# ---- list: order, columns and limits
list --sort {id,name,kind,place,province,programme,year,status,claimed,verified,progress} --limit 20
list --sort {last_evidence,last-evidence,age_months,groundbroken,opened,promised,overdue,silent,updates}
    --limit 20
list --sort {name,updates,opened} --reverse --limit 20
list --reverse --limit 5
list --sort colour
list --columns {id,name,kind,place,place_name,province,province_name,programme,cohort,year,status} --limit 9
list --columns {claimed,verified,unverified,progress,last_evidence,age_months,groundbroken,opened} --limit 9
list --columns {promised,overdue,silent,updates} --limit 9
list --columns id,name,place_name,updates -f {table,csv,json,md} --limit 9
80x24 list --columns id,name,place_name,province_name,cohort,opened,groundbroken --limit 9
list --columns "updates, ID ,id"
list --columns id,colour
list --columns ,
list --limit {0,1,3,1000,-1,x,99999999999999999999}
120x40 list --limit 3
80x24 list --limit {0,60}
list --kind hospital --limit 2 -f json

# ---- other days
list --as-of {2024-12-31,2024-Q3,2024,2010,2026-11-24}
list --known-on {2024-12-31,2025-02,2026-11}
list --as-of 2024-12-31 --known-on 2024-12-31 -f {table,csv,json,jsonl,md}
list --as-of {2027,2026-11-25,tomorrow,2024-13,2024-02-30,03/04/2024,1.2.2024,2024-Q5}
list --known-on {2026-11-25,soon}
80x24 list --as-of 2025-06 --known-on 2025-01
show 20x10 --as-of {2024-12-31,2010}
show unpha --as-of 2024-12 --known-on 2024-12 -f {table,json}
report --as-of 2024-12-31 --known-on 2024-12-31 -f {table,tsv,json,md}
report {pace,missing,overdue,silent,unverified,conflicts,slips} --as-of 2025-06-30
report {durations,use,coverage,next} --as-of 2025-06-30
report {pace,missing,conflicts,slips,next} --known-on 2025-02 -f csv
NKPLAN_TODAY={2024-06-01,2030-01-01,soon,2024-W01-1} report overdue
NKPLAN_TODAY=2024-06-01 list --limit 5 -f json

# ---- show
show {songchon,unpha,20x10,20x10-2024,20x10-policy,KP-02,kp-02-songchon,kcnaw-ownproducts}
show {pyongyang-general-hospital,formula-works,hoeyang-power-station,grand-canal,service-centres}
show {"South Pyongan",성천,"Unsan County",factories,nowhere,"",x,-}
show unpha -f {table,tsv,csv,json,jsonl,md}
show 20x10-policy -f {table,csv,json,md}
show KP-02 -f {table,csv,json,md}
show kcnaw-ownproducts -f {table,csv,json,md}
show 20x10-2024 -f {table,json,md}
show formula-works -f {csv,md,table}
show formula-works -f csv --exact
show kusong-factories -f json
COLUMNS={30,80,120} show pyongyang-general-hospital -f table
80x24 show {songchon,20x10,20x10-policy,kp-02-songchon,kcnaw-ownproducts}
120x40 show unpha
80x400 show {20x10,pyongyang-general-hospital}
120x400 show KP-02
show songchon -o page.{tsv,csv,json,jsonl,md}
show songchon unpha
show

# ---- report: every view in every form
report
report {progress,pace,missing,overdue,silent,unverified,conflicts,slips,durations,use,changes,coverage,next}
report {progress,pace,missing,overdue,silent,unverified,conflicts} -f {table,csv,json,jsonl,md}
report {slips,durations,use,coverage,next} -f {table,csv,json,jsonl,md}
report promises -f {table,tsv,csv,json,jsonl,md}
report promises --on 2024-01-15
report counts -f {table,tsv,csv,json,jsonl,md}
80x24 report promises
120x40 report promises
report changes --since 2026-05 -f {table,tsv,csv,json,jsonl,md}
COLUMNS={80,120} report {progress,pace,missing,overdue,silent,unverified,conflicts,slips} -f table
COLUMNS={80,120} report {durations,use,coverage,next} -f table
COLUMNS={80,120} report changes --since 2026-01 -f table
80x24 report {progress,pace,missing,overdue,silent,unverified,conflicts,slips,durations,use,coverage,next}
120x40 report {progress,pace,missing,overdue,silent,unverified,conflicts,slips,durations,use,coverage,next}
80x400 report {missing,unverified,coverage,next} --limit 0
80x24 report changes --since 2026-01
120x40 report changes --since 2026-06
report {progress,pace,coverage} -o report.{tsv,csv,json,jsonl,md}
report conflicts -o report.{csv,md}
report next -o report.txt
report unverified --exact -f csv

# ---- report: what is asked of a view
report --by {kind,province,year,programme,status,Kind,mood}
report --by {kind,province,status} -f {table,json}
80x24 report --by province
report silent --months {0,12,48,-1,x}
80x24 report silent --months 48
report changes --since {2025-12-31,2025,2026-Q1,2026-11-23,2026-11-24,2027,soon}
report changes --since 2024-12 --known-on 2025-06
report changes --since 2025-06 --known-on 2025-06
report changes --since 2024-12 --as-of 2025-06 --kind factory
report --since 2024
report --months 3
report pace --by kind
report silent --by year
report --place Nowhere --by colour
report changes --programme 50x50
report --since 2030 --months 3
NKPLAN_DB=new.db report changes
report overdue --months 3
report speed
report Pace
report --kind hospital
report --province "South Pyongan" -f {table,tsv}
report --place Hamju
report --programme 20x10 -f {table,md}
report --year {2024,none}
report --status {operating,none}
report pace --programme {20x10,county-hospitals,none}
report pace --province KP-02
report pace --kind hospital -f table
report missing --programme 20x10 --year 2026 -f table
report missing --kind factory --limit 3
report {overdue,silent,unverified,conflicts,slips} --kind factory --year 2024
report {durations,use,coverage,next} --programme 20x10
report {conflicts,slips,use,durations,overdue} --kind canal
report {progress,missing,changes,coverage} --kind canal --status operating
report changes --since 2026-11 --kind canal
report {overdue,next,unverified,coverage} --limit 2
80x24 report {next,missing} --limit 2
report next --limit 0 -f json
report slips --limit 1 -f md
report --kind railway
report --programme 50x50
report progress pace

# ---- search
search {factory,poultry,성천,공장,pyongwon,x,policy,zzzzz,÷}
search poultry feed
search kim opening ceremony
search thermal zzzzz
search '"thermal image"'
search '"thermal'
search "=SUM"
search -- "-x"
search {"","·"}
search factory --list {project,update,source,announcement,place,nonsense}
search zzzzz --list update
search poultry -f {table,tsv,csv,json,jsonl,md}
search thermal --exact -f csv
search hospital --limit {0,1,-1}
COLUMNS={80,120} search poultry -f table
80x24 search thermal
120x40 search poultry feed
80x400 search hospital --limit 0
search poultry -o found.{tsv,csv,json,jsonl,md}
search

# ---- check
check
check -f {table,tsv,csv,json,jsonl,md}
COLUMNS=80 check -f table
80x24 check
120x40 check
check -o found.{tsv,csv,json,jsonl,md}
check --only {damaged-file,changed-schema,broken-reference,stale-names,stale-days,stale-state,stale-search}
check --only {moved-back,twin-sites,before-announced,uncited-source,wrong-province,outside-programme}
check --only {far-away,quota-differs,future-date,early-source,untold-project,promised-past}
check --only moved-back --only uncited_source -f csv
check --only nonsense
check --repair
load odd.json ; check -f {table,csv,json,md}
load odd.json ; 80x24 check
load odd.json ; 120x40 check ; check --repair
!no-index ; check -f csv ; list --limit 3 ; check --repair ; check
!no-table ; check ; check --repair
!stale-state ; list --limit 5 ; check -f csv ; 80x24 check ; check --repair --only stale-state ; check
!stale-days ; check ; check --repair ; check ; show songchon
!stale-names ; check ; check --repair ; check
!stale-search ; check ; search another ; check --repair ; check
!wrong-region ; check ; check --repair ; check
!broken-reference ; check ; show unpha ; check --repair ; backup ; list unpha
!future ; check ; list usi ; report next --limit 3
!damaged ; check ; list ; report ; show songchon ; check --repair ; backup
    ; export -o out.json
!damaged-head ; check ; list ; undo ; search factory
!cut ; check ; list ; load more.json ; check --repair
check song

# ---- add
add "New mill" --kind factory
add "New mill" --kind factory --dry-run
80x24 add "New mill" --kind factory --on 2026-03
add "Mundok factories" --kind factory --place Mundok --programme 20x10 --year 2027 --on 2026-10
add "Mundok factories" --place Mundok --programme 20x10 --year 2026 --on 2026-10
add "Songchon regional factories" --kind factory --on 2026 ; add "Songchon regional factories"
    --kind factory --on 2026
add "Hoeyang station" --kind power-station --place Hoeyang --promised 2025 --on 2023-01-25
    --source https://news.example.org/h --title "Done" --evidence state-media
    ; show hoeyang-station -f json ; undo
add Dam --kind dam --new-kind --on 2026 ; list --kind dam ; undo ; list --kind dam
add Dam --kind factory --new-kind --on 2026
add "Another year" --type cohort --year 2024 --programme 20x10 --on 2026
add "Homes" --kind housing --type programme --on 2026 ; add "Homes, 2026" --type cohort --programme homes
    --year 2026 --on 2026
add "Homes" --type {cohort,village} --kind housing
add X --kind factory --id {my-mill,MY-MILL,20x10,"a b",-x}
add X --kind railway
add X
add 성천 --kind factory
add "성천 공장" --kind factory --id songchon-new --on 2026 ; show songchon-new
add X --kind factory --place {Atlantis,Unsan,unsan-up}
add X --kind factory --year {24,2026,soon}
add X --programme {20x10,20x10-2024,nowhere}
add X --kind factory --promised {2025-00,2030,2020} --on 2026
add X --kind factory --on {2026-11-25,2027,2024-02-30}
add X --kind factory --source ftp://example.org/x
add X --kind factory --title T
add "" --kind factory
add "=SUM(A1)" --kind factory --on 2026-02 --note "+1" ; list sum -f csv ; show sum-a1 -f csv --exact
add
!no-database ; add "New mill" --kind factory --on 2026

# ---- update
update songchon idle --on 2026-09 ; show songchon ; undo ; show songchon -f json
update songchon idle --on 2026-09 --dry-run
80x24 update songchon idle --on 2026-09 --source kcnaw-ownproducts
120x40 update songchon idle --dry-run
update songchon idle
update songchon idle --source kcnaw-ownproducts ; show songchon -f json
update songchon operating --on 2026-06 --source https://example.org/songchon
update songchon idle --on 2026-09 ; update songchon idle --on 2026-09 ; undo ; undo ; undo
update kusong-factories --also hamju --also kusong-factories building --percent 80 --on 2024-08-25
    --source https://news.example.org/80 --title "Works pass 80 percent" --published 2024-08-28
    --evidence state-media ; undo
update usi --also ichon --also kosan --also orang operating --on 2026-10 --evidence expert ; report changes
    --since 2026-10 ; undo --dry-run ; undo
update songchon --percent {0,50,67.5,100,101,-1,nan,half,1e1} --on 2026
update songchon --percent=-1
update songchon --promised {2030,2025-00,2026-Q4,2020,never} --on 2026
update songchon --note {"A note.","  ","a\tb","=1+1"} --on 2026
update songchon {announced,preparing,groundbroken,building,completed,operating,idle,paused,cancelled}
    --on 2026-10
update songchon {complete,xyz,OPERATING} --on 2026
update grand-canal {building,cancelled} --on 2026-08 --evidence {state-media,expert}
    --confidence low
update songchon idle --on {2024-02-30,2024-13,03/04/2024,2026-11-25,2027,soon,2024-Q3,2026,24}
update songchon idle --on 2025 --source https://news.example.org/x --published {2027,2025-02,soon}
update songchon idle --on 2025
    --source {nowhere,kcnaw,ftp://example.org/x,javascript://e.org/x,https://,38n-20250227}
update songchon idle --on 2025 --evidence {satelite,Expert}
update songchon idle --on 2025 --confidence {sure,low}
update songchon idle --on 2025 --title T
update songchon idle --on 2025 --source kcnaw-ownproducts --title T
update songchon idle --on 2025 --source https://www.press.example.org/a/b --publisher P ; update unpha idle
    --on 2025 --source https://www.press.example.org/c
update {factories,nowhere,"",song,kp-02,20x10} idle --on 2026
update songchon idle --also nowhere --on 2026
update songchon idle --also songchon-factories --on 2026
update 20x10-2026 --promised 2027 --on 2026-10 --evidence state-media ; report slips --year 2026 ; list
    --overdue
update songchon
update
update songchon idle operating
!no-database ; update songchon idle --on 2026

# ---- undo
undo
undo --dry-run
80x24 undo --dry-run
undo ; undo ; undo ; undo ; undo ; undo ; undo ; report
undo ; redo ; redo ; log -f tsv --author nobody
update songchon idle --on 2026-09 ; undo 2 ; redo 2 ; undo 3 ; redo 9
undo {25d31b681543,a11f7562be72,c06459a31a1e,zzzz,a}
undo 25d31b681543 a11f7562be72 ; show unpha ; undo ; undo 25d31b681543
undo 25d31b681543 --dry-run ; show unpha -f md
undo 25d31b681543 25d31b681543 nothing
load later.json ; undo ; load later.json ; undo
!first-version ; undo ; list --limit 3
!no-database ; undo

# ---- load
load more.json
load later.json
load later.json ; load later.json ; undo ; load later.json ; report changes --since 2026-10
load later.json --dry-run
load later.jsonl ; show formula-works -f csv
load later.jsonl --dry-run
80x24 load later.json
load - < {later.json,later.jsonl,faults.json,faults.jsonl,empty.json,broken.json}
load -
load late-rows-first.jsonl
load derived.json ; load derived.jsonl
load same-in-other-words.json
load {faults,clash,twice,refers,cycle,fields,dates,types,unsafe,long-number}.json
load {faults,clash,twice,refers,head,no-head,list}.jsonl
load {many,one-fault}.json
load {many,one-fault}.jsonl
80x24 load {faults,twice}.json
load {broken,cut,not-utf-8,no-format,other-format,array,empty,nothing,null,marks,deep}.json
load {broken,not-utf-8,empty,nothing}.jsonl
load missing.json
load .
load home
load
load more.json later.json
load nothing.json --bare
load nothing.json --bare --db bare.db ; load later.json --bare --db bare.db
load mills.json --bare --db bare.db ; list --db bare.db ; report --db bare.db ; check --db bare.db ;
    --db bare.db export
load mills.json --bare --db bare.db ; load mills.json --bare --db bare.db ; undo --db bare.db
    ; load mills.json --bare --db bare.db
load nothing.json --bare --db bare.db ; load mills.json --bare --db bare.db --dry-run ; list --db bare.db
load nothing.json --bare --db bare.db ; list --db bare.db ; report --db bare.db ; search x --db bare.db
    ; export --db bare.db ; --db bare.db check
load nothing.json --bare --db bare.db ; report {pace,missing,conflicts,coverage,next} --db bare.db -f table
load nothing.json --bare --db bare.db ; load faults.json --bare --db bare.db ; list --db bare.db
load missing.json --bare --db bare.db
load odd.json ; report {conflicts,slips,missing,next} -f table
!no-database ; load {more,later,faults}.json

# ---- export
export
export -f {json,jsonl}
export -f csv
export -o out.{json,jsonl,csv,tsv,md}
export -o out -f jsonl
export -o out
export -o .
export -o nkplan.db
export -o nkplan.db -f json
export -o nowhere/out.json
export -o /dev/full -f json
export --about "As it was before the review." -f jsonl
export --about {"","a\tb"}
80x24 export -o out.json
export -o out.json ; load out.json --bare --db bare.db ; --db bare.db export ; load out.json
export -o out.jsonl ; load out.jsonl --bare --db bare.db ; --db bare.db list --limit 5
export song

# ---- backup and restore
backup copy.db ; update songchon idle --on 2026 ; restore copy.db ; list songchon
backup
80x24 backup
backup {home,nkplan.db,nowhere/copy.db,.}
!copy ; backup copy.db
backup copy.db ; restore copy.db --db home/other.db
restore {missing.db,home,nkplan.db,faults.json}
!copy ; restore copy.db
!copy ; undo ; 80x24 restore copy.db
!copy ; !no-database ; restore copy.db ; list --limit 3
!copy ; !damaged ; restore copy.db ; list --limit 3
!copy ; !text-file ; restore copy.db
!copy ; !other-program ; restore copy.db
!copy ; !newer ; restore copy.db
!copy ; !link ; restore copy.db ; list --limit 3
!copy ; !held ; restore copy.db
!newer ; !copy ; restore copy.db
!damaged ; !copy ; restore copy.db
!first-version ; !copy ; restore copy.db ; list --limit 3
!first-version ; backup copy.db
!broken-reference ; !copy ; restore copy.db
!write-ahead ; backup copy.db ; restore copy.db
restore
backup one two

# ---- which database, and what is wrong with it
--db nkplan.db list --limit 2
list --limit 2 --db nkplan.db
--db missing.db list --limit 2 --db nkplan.db
NKPLAN_DB= list --limit 2 ; NKPLAN_DB= update songchon idle --on 2026 ; NKPLAN_DB= undo
NKPLAN_DB= XDG_DATA_HOME=data list --limit 2
NKPLAN_DB= HOME=/dev/null list --limit 2
NKPLAN_DB=other.db list --limit 2
NKPLAN_DB=other.db --db nkplan.db list --limit 2
!no-database ; {list,show,report,search,check,export} --help
!no-database ; list --limit 3 ; list --limit 3
!no-database ; 80x24 report
!no-database ; show songchon -f json
!no-database ; search poultry
!no-database ; {report,check,export,backup}
!no-database ; list --kind nonsense
!empty-file ; list --limit 3
!empty-file ; undo
list --db nowhere/x.db
update songchon idle --on 2026 --db nowhere/x.db
list --db {home,/dev/null,/dev/full}
list --db ""
!other-program ; {list,undo,report,check,export,backup}
!other-program ; update songchon idle --on 2026
!other-program ; load later.json
!newer ; {list,undo,report,check,export,backup}
!newer ; load later.json --bare
!text-file ; {list,undo,report,check,export,backup}
!{folder,pipe} ; {list,undo,check,backup}
!folder ; load later.json
!link ; list --limit 3 ; update songchon idle --on 2026 ; undo
!first-version ; list --limit 3 ; undo ; check
!first-version ; 80x24 report
!first-version ; report changes --since 2026-05
!first-version ; update songchon idle --on 2026
!first-version ; load {later,derived}.json
!first-version ; check --repair
!first-version ; export -o out.jsonl
!write-ahead ; list --limit 3 ; update songchon idle --on 2026 ; list songchon
!read-only ; {list,report,check,search x}
!read-only ; update songchon idle --on 2026
!read-only ; check --repair
!read-only ; list -o out.csv
!read-only ; {backup,undo,load later.json}
!{read-only-file,read-only-folder} ; {list --limit 3,update songchon idle --on 2026,backup copy.db}
!first-version ; !read-only ; list
!write-ahead ; !read-only ; list
!unreadable ; {list,undo,check,backup,load later.json}
!unsafe-text ; show unpha -f {table,tsv,csv,json,jsonl,md}
!unsafe-text ; show unpha -f csv --exact
!unsafe-text ; list usi -f {table,csv,json} ; check
!unsafe-text ; 80x24 show unpha ; 80x24 show kcnaw-unsan
!unsafe-text ; check --repair ; update usi idle --on 2026 ; undo

# ---- completion
_NKPLAN_COMPLETE=source_{bash,zsh,fish} COMP_WORDS=x
_NKPLAN_COMPLETE=complete_bash COMP_WORDS="nkplan {show song,report sl}" COMP_CWORD=2
_NKPLAN_COMPLETE=complete_bash COMP_CWORD=3
    COMP_WORDS="nkplan list --{kind hosp,status op,programme 20,province Sou,place Un}"
_NKPLAN_COMPLETE=complete_bash COMP_CWORD=3 COMP_WORDS="nkplan {check --only m,update songchon com}"
_NKPLAN_COMPLETE=complete_bash COMP_WORDS="nkplan re" COMP_CWORD=1
_NKPLAN_COMPLETE=complete_zsh _TYPER_COMPLETE_ARGS="nkplan {show song,re,list --counted ,list --}"
_NKPLAN_COMPLETE=complete_fish _TYPER_COMPLETE_FISH_ACTION=get-args
    _TYPER_COMPLETE_ARGS="nkplan {show song,re,report }"
!no-database ; _NKPLAN_COMPLETE=complete_bash COMP_WORDS="nkplan show s" COMP_CWORD=2

# ---- what was typed and can not be read
list --kind {--kind,-f}
list -f
list --kin factory
list --limit
show "a\u202eb"
list "zzz\u200bzzz"
show {aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa,%}
"""


# ---- the files


def _write(*, form: str = "nkplan/1", **lists: Any) -> bytes:
    """Write lists as one JSON object, indented as in an export."""
    return json.dumps({"format": form, **lists}, ensure_ascii=False, indent=2).encode()


def _write_lines(*, form: str = "nkplan/1", about: str | None = None, **lists: Any) -> bytes:
    """Write lists as JSON Lines."""
    head = {"format": form, **({"about": about} if about else {})}
    rows = [{"list": name, **row} for name, rows in lists.items() for row in rows]
    return "".join(f"{json.dumps(one, ensure_ascii=False)}\n" for one in (head, *rows)).encode()


def _tell(project: str, event_date: Any, **more: Any) -> dict[str, Any]:
    return {"project": project, "event_date": event_date, **more}


_SITE = {"type": "site", "kind": "other"}

_LATER: dict[str, Any] = {
    "sources": [
        {"id": "review-2026", "title": "A look back", "published": "2026-11-02", "evidence": "expert"}
    ],
    "projects": [{"id": "later-works", "name": "Later works", "place": "kp-02-unsan", **_SITE}],
    "updates": [
        _tell("later-works", "2026-10", status="building", source="review-2026", note="Seen to be built."),
        _tell("formula-works", "2026-10-30", status="completed", percent=97.5, source="review-2026"),
        _tell("songchon-factories", "2026-11-01", status="idle", evidence="ground-source"),
    ],
}

_ODD: dict[str, Any] = {
    "about": "Rows that are let in, and are odd.",
    "places": [
        {"id": "isle", "name": "Isle", "parent": "KP-02", "latitude": 10.0, "longitude": 20.0},
        {"id": "abroad", "name": "Abroad"},
    ],
    "sources": [
        {"id": "nobody-cites-it", "title": "Not cited"},
        {"id": "too-early", "title": "Too early", "published": "2019"},
    ],
    "projects": [
        {"id": "second-works", "name": "Second works", "type": "site", "kind": "factory",
         "parent": "20x10-2024", "place": "kp-02-songchon"},
        {"id": "untold-works", "name": "Untold works", **_SITE},
        {"id": "isle-farms", "name": "Isle farms", "type": "programme", "kind": "other", "place": "isle"},
        {"id": "abroad-farm", "name": "Abroad farm", "parent": "isle-farms", "place": "abroad", **_SITE},
    ],
    "updates": [
        _tell("second-works", "2024-05", status="operating", evidence="expert"),
        _tell("second-works", "2024-06", status="groundbroken", evidence="expert"),
        _tell("second-works", "2023", status="building", source="too-early"),
        _tell("second-works", "2024-07", promised="2023-05"),
        _tell("abroad-farm", "2025-01-10", status="completed", evidence="state-media"),
        _tell("abroad-farm", "2025-03-10", status="completed", evidence="ground-source"),
        _tell("abroad-farm", "2025-04", status="idle", evidence="satellite-imagery"),
        _tell("isle-farms", "2025-02", status="completed", promised="2025-06", evidence="state-media"),
        _tell("isle-farms", "2025-07", promised="2027", evidence="state-media"),
    ],
}  # fmt: skip

_MILLS: dict[str, Any] = {
    "about": "A small record of another country.",
    "kinds": ["mill"],
    "places": [{"id": "north", "name": "North"}, {"id": "town", "name": "Town", "parent": "north"}],
    "sources": [{"id": "speech", "title": "Speech", "published": "2024-01-16", "evidence": "state-media"}],
    "announcements": [
        {"id": "mills-2024", "title": "Mills", "announced": "2024-01-15", "said": "Two mills in the year.",
         "source": "speech", "terms": ["By steam."],
         "figures": [{"item": "spending", "value": 3, "unit": "percent"}]},
    ],
    "projects": [
        {"id": "mills", "name": "Mills", "type": "programme", "kind": "mill"},
        {"id": "mills-24", "name": "Mills of 2024", "type": "cohort", "kind": "mill", "parent": "mills",
         "year": 2024},
        {"id": "town-mill", "name": "Town mill", "type": "site", "kind": "mill", "parent": "mills-24",
         "place": "town"},
    ],
    "quotas": [
        {"project": "mills", "kind": "mill", "quantity": 2, "per": "year", "announcement": "mills-2024"},
        {"project": "mills", "kind": "mill", "quantity": 10, "per": "total", "announcement": "mills-2024"},
    ],
    "updates": [_tell("town-mill", "2024-Q2", status="building", source="speech")],
}  # fmt: skip

_MORE: dict[str, Any] = {
    "about": "Texts that a spreadsheet or a terminal could take for more.",
    "sources": [
        {"id": "formulas-2026", "title": "=1+1 [red]sums[/red] :smile:", "publisher": "+44 | *Press*",
         "published": "2026-02", "url": "https://example.org/a?b=1&c=[2]", "note": "-x",
         "evidence": "foreign-media"},
    ],
    "announcements": [
        {"id": "works-2026", "title": "Works\u2019 year", "announced": "2026-Q1", "speaker": "@minister",
         "said": "Works are to be built, \u201call of them\u201d | and *more*.", "source": "formulas-2026",
         "terms": ["=A1", "A second term."], "context": ["کتاب\u200cها are read from right to left."],
         "figures": [{"item": "works", "value": 2.5, "unit": "km", "year": 2026, "note": "about"}]},
    ],
    "projects": [
        {"id": "formula-works", "name": "=SUM(A1) works", "place": "kp-08-hamju", "note": "  <b>none</b> # 1",
         **_SITE},
        {"id": "works-of-a-long-name", "name": "Works of a name that is so long that no column of a table on "
         "a terminal has room for it in a line, 함흥시 공업지구", "model": "formula-works", **_SITE},
    ],
    "updates": [
        _tell("formula-works", "2026-02-10", status="groundbroken", promised="2026-Q3",
              source="formulas-2026", announcement="works-2026", confidence="low", note="=cmd|' /C calc'!A0"),
        _tell("formula-works", "2026-05", status="building", percent=33.3, evidence="satellite-imagery",
              note="\u0065\u0301t\u00e9, ｆｕｌｌ width"),
        _tell("formula-works", "2026-08", promised="2027-06-30", evidence="state-media"),
        _tell("works-of-a-long-name", "2026-03",
              note="Only a report. " * 12 + "成川郡で工場が建設された。" * 6),
    ],
}  # fmt: skip

_FAULTS: dict[str, Any] = {
    "kinds": ["a b"],
    "projects": [
        {"id": "p", "name": "P", "type": "village", "kind": "factory"},
        {"id": "q", "type": "site", "kind": "railway", "parent": "nowhere", "place": "Atlantis"},
    ],
    "updates": [
        _tell("songchon-factories", "2025-13", status="done"),
        _tell("songchon-factories", "2025", note="This one is right."),
        _tell("nowhere", "2025", note="x", source="nobody"),
        _tell("songchon-factories", "2027", percent=101),
        _tell("songchon-factories", "2025"),
        _tell("songchon-factories", "2025", status="idle", evidnce="expert", confidence="sure"),
        _tell("songchon-factories", "2025", percent="50", id="not-a-uuid"),
    ],
}

_CLASH: dict[str, Any] = {
    "sources": [{"id": "kcnaw-ownproducts", "title": "Another title"}],
    "projects": [
        {"id": "songchon-factories", "name": "Other", "type": "site", "kind": "canal",
         "parent": "20x10-2024"},
    ],
    "quotas": [
        {"project": "20x10", "kind": "factory", "quantity": 30, "per": "year", "first_year": 2024,
         "announcement": "20x10-policy"},
    ],
}  # fmt: skip

_TWICE: dict[str, Any] = {
    "kinds": [{"id": "dam"}, {"id": "dam"}],
    "projects": [
        {"id": "dam-one", "name": "Dam", "type": "site", "kind": "dam"},
        {"id": "dam-one", "name": "Dam", "type": "site", "kind": "dam"},
        {"id": "dam-one", "name": "Dam, too", "type": "site", "kind": "dam"},
    ],
    "updates": [
        _tell("dam-one", "2025", status="building"),
        _tell("dam-one", "2025", status="building", note="n"),
    ],
}

_REFERS: dict[str, Any] = {
    "projects": [
        {"id": "c", "name": "C", "type": "cohort", "kind": "factory", "parent": "20x10", "year": 2024},
        {"id": "d", "name": "D", "type": "programme", "kind": "factory", "parent": "20x10"},
        {
            "id": "e",
            "name": "E",
            "type": "site",
            "kind": "factory",
            "parent": "songchon-factories",
            "model": "nobody",
        },
        {"id": "f", "name": "F", "type": "cohort", "kind": "factory"},
        {"id": "g", "name": "G", "type": "site", "kind": "factory", "parent": "20x10-2024", "year": 2025},
    ],
    "announcements": [{"id": "h", "title": "H", "announced": "2025", "said": "x", "source": "nobody"}],
    "updates": [_tell("e", "2025", note="x", announcement="nothing")],
}

_DERIVED = [
    _tell("kimhwa-factories", "2026-09", status="operating", source="38n-20250227", note="As before.")
]

_ROW = b'{"list": "updates", "project": "usi-factories", "event_date": "2026-04", "note": "x"}\n'
_HEAD = b'{"format": "nkplan/1"}\n'

_MANY = [_tell("songchon-factories", "2025-13", percent=number) for number in range(1200)]


def _as_rows(lists: dict[str, Any]) -> dict[str, Any]:
    """Return lists in the form of JSON Lines: a kind is a row, too."""
    about = lists.get("about")
    rows = {
        name: [one if isinstance(one, dict) else {"id": one} for one in rows]
        for name, rows in lists.items()
        if name != "about"
    }
    return {**rows, **({"about": about} if about else {})}


def _as_json(lists: dict[str, Any]) -> dict[str, Any]:
    """Return lists in the form of JSON: a kind is its id."""
    kinds = [one["id"] if isinstance(one, dict) else one for one in lists.get("kinds", [])]
    return {**lists, **({"kinds": kinds} if kinds else {})}


FILES: dict[str, bytes] = {
    "more.json": _write(**_MORE),
    "later.json": _write(about="What came later.", **_LATER),
    "later.jsonl": _write_lines(about="What came later.", **_LATER),
    "late-rows-first.jsonl": _write_lines(**{name: _LATER[name][::-1] for name in reversed(_LATER)}),
    "derived.json": _write(updates=_DERIVED),
    "derived.jsonl": _write_lines(updates=_DERIVED),
    "same-in-other-words.json": _write(updates=[_tell("usi-factories", "2026-Q2", note="x"), *_DERIVED]),
    "odd.json": _write(**_ODD),
    "mills.json": _write(**_MILLS),
    "faults.json": _write(**_FAULTS),
    "faults.jsonl": _write_lines(**_as_rows(_FAULTS)),
    "one-fault.json": _write(updates=_MANY[:1]),
    "one-fault.jsonl": _write_lines(updates=_MANY[:1]),
    "many.json": _write(updates=_MANY),
    "many.jsonl": _write_lines(updates=_MANY),
    "clash.json": _write(**_CLASH),
    "clash.jsonl": _write_lines(**_CLASH),
    "twice.json": _write(**_as_json(_TWICE)),
    "twice.jsonl": _write_lines(**_TWICE),
    "refers.json": _write(**_REFERS),
    "refers.jsonl": _write_lines(**_REFERS),
    "cycle.json": _write(
        places=[{"id": "a", "name": "A", "parent": "b"}, {"id": "b", "name": "B", "parent": "a"}],
        projects=[
            {"id": "m", "name": "M", "model": "m", **_SITE},
            {"id": "n", "name": "N", "parent": "n", **_SITE},
        ],
    ),
    "fields.json": _write(
        sources=[{"title": "no id"}, {"id": "s", "url": "ftp://e.org", "evidence": "rumour"}, "s", None],
        updates=[{}, {"project": "usi-factories"}, {"event_date": "2025", "note": ""}],
        quotas=[{"project": "20x10", "kind": "factory", "quantity": 0, "per": "month", "first_year": 2030}],
        nonsense=[],
    ),
    "dates.json": _write(
        updates=[
            _tell("usi-factories", date, note="x")
            for date in (
                "2024-02-30",
                "2024-Q5",
                "03/04/2024",
                "soon",
                "2026-11-25",
                "2027",
                2024,
                None,
                "24",
                "",
            )
        ]
    ),
    "types.json": _write(
        kinds={}, sources="x", updates=[[], 1, _tell("usi-factories", "2025", percent=True)]
    ),
    "unsafe.json": _write(
        updates=[
            _tell("usi-factories", "2025", note=f"a{sign}b") for sign in "\x00\x1b\u202e\u200b\u3164\n\ufeff"
        ]
    ),
    "long-number.json": _HEAD[:-2]
    + b', "updates": [{"project": "usi-factories", "event_date": "2026", "percent": '
    + b"9" * 5000
    + b"}]}",
    "head.jsonl": b'{"format": "nkplan/1", "about": 3, "more": []}\n' + _ROW,
    "no-head.jsonl": _ROW,
    "list.jsonl": _HEAD + b'{"project": "usi-factories"}\n{"list": "nonsense"}\n{"list": 3}\n[]\n\n' + _ROW,
    "broken.json": b'{"format": "nkplan/1",\n"updates": [\n{"project": "usi-factories",}\n]}\n',
    "broken.jsonl": _HEAD + _ROW + b'{"list": "updates", "project": \n' + _ROW + b"nonsense\n",
    "cut.json": _write(**_LATER)[:-30],
    "not-utf-8.json": b'{"format": "nkplan/1", "updates": [{"project": "\xff\xfe"}]}',
    "not-utf-8.jsonl": _HEAD + b'{"list": "updates", "project": "\xff\xfe"}\n' + _ROW,
    "no-format.json": b'{"updates": []}',
    "other-format.json": _write(form="nkplan/3"),
    "array.json": b"[1, 2]",
    "null.json": b"null\n",
    "empty.json": b"",
    "empty.jsonl": b"",
    "nothing.json": _write(),
    "nothing.jsonl": _HEAD,
    "marks.json": b"\xef\xbb\xbf" + _write(**_LATER),
    "deep.json": b'{"format": "nkplan/1", "updates": ' + b"[" * 20_000 + b"]" * 20_000 + b"}",
}
"""The files by name."""
