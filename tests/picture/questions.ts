/**
 * What a learner or a teacher asks of each situation, and where the answer stands. An answer is in one line: in what can be
 * read in one machine's picture, or in one row or note of the tables; the sentence of what happened last is below both.
 */

/** A text that must stand there, or what it must look like. */
export type Answer = string | RegExp;
/** Seen from outside or from inside, or by cgroups. */
export type Lens = "outside" | "inside" | "cgroups";

interface Question {
  readonly asks: string;
  /** `outside` when it is not given. */
  readonly lens?: Lens;
  readonly picture: Answer;
  readonly table: Answer;
}

const INIT_ALONE = "There is no PID namespace but the machine's own, so inside is all there is.";

const idle: readonly Question[] = [
  { asks: "Who is PID 1?", picture: "eth0 10.10.1.1/24 1 init", table: "1 – init 0 0" },
  {
    asks: "What is the machine called?",
    picture: "host name: vivarium",
    table: /^uts 1 .*host name: vivarium/,
  },
  { asks: "What is its address?", picture: "eth0 10.10.1.1/24", table: "eth0 init's – 10.10.1.1/24 UP" },
  { asks: "How many processes are there?", picture: "Processes 6 ", table: "↑ 14 ↓ 11 6 23" },
  { asks: "How many threads has the kernel?", picture: "23 kernel threads", table: "6 23 bash" },
  { asks: "Which kernel is it?", picture: "One kernel: Linux 6.1.158", table: "machine-1 running 6.1.158" },
  { asks: "Which boot of it?", picture: "boot 44e2…", table: "6.1.158 44e2b1c0-5a0b" },
  { asks: "How long has it been up?", picture: "Up 1 min 14 s", table: "1 min 14 s 3 %" },
  {
    asks: "Is it busy?",
    picture: "CPU busy 3 % Instructions 2.4 M/s",
    table: /^machine-1 .* 3 % .* 2\.4 M\/s/,
  },
  { asks: "How many want the CPU?", picture: "Load 0.08 0.03 0.01", table: "3 % 0.08 0.03 0.01" },
  {
    asks: "How much memory is used, of how much?",
    picture: "RAM used 38 MiB of 122 MiB",
    table: /^machine-1 .* 38 MiB of 122 MiB/,
  },
  {
    asks: "Where is my terminal?",
    picture: "Your terminal: bash (52), in the machine's own namespaces",
    table: /^machine-1 running .* bash \(52\)$/,
  },
  { asks: "Is anything isolated?", lens: "inside", picture: INIT_ALONE, table: /^pid 1 .* 29 its members/ },
  {
    asks: "Which processes are the page's own?",
    lens: "cgroups",
    picture: /\/vivarium .* pids 3 41 vivarium-guard 42 vivarium-agent 43 vivarium-files/,
    table: "42 – vivarium-agent 41 0 0 S /vivarium",
  },
  {
    asks: "What limits their memory?",
    lens: "cgroups",
    picture: "/vivarium 4.5 MiB no memory.max",
    table: "/vivarium 3 4.5 MiB max max",
  },
];

const pid: readonly Question[] = [
  { asks: "Who is PID 1 inside?", picture: "98 bash 1", table: "98 1 bash" },
  { asks: "What is sleep called inside?", picture: "104 sleep 7", table: "104 7 sleep" },
  {
    asks: "Whose next child will be in another PID namespace?",
    picture: "97 unshare next child → PID namespace 2",
    table: /^97 – unshare .* init's; next child pid 2/,
  },
  {
    asks: "Whose processes does its /proc list?",
    picture: "its /proc lists another PID namespace's processes",
    table: /^98 1 bash .* pid 2 init's init's init's init's off/,
  },
  { asks: "Who started it?", picture: "started by unshare (97)", table: "98 1 bash 97" },
  {
    asks: "Which namespaces are its own?",
    picture: "pid 2 mnt net user uts ipc cgroup time started",
    table: "98 1 bash 97 0 0 S / init's init's init's init's pid 2 init's init's init's",
  },
  { asks: "Who owns it?", picture: "owner: init's user namespace", table: "pid 2 4026532101 init's" },
  {
    asks: "How many are seen from inside?",
    lens: "inside",
    picture: "Seen from inside PID namespace 2: 2 of 9 processes have a number here.",
    table: "pid 2 4026532101 init's 2 its members",
  },
  {
    asks: "Which shell am I in?",
    picture: "Your terminal: bash (98, 1 inside), in PID namespace 2",
    table: /^machine-1 .* bash \(98\)/,
  },
  { asks: "How many processes are there in all?", picture: "Processes 9 ", table: "↑ 14 ↓ 11 9 23" },
  {
    asks: "What has happened?",
    picture: "unshare (97) made a PID namespace; bash is 98 outside and 1 inside.",
    table: "unshare (97) made a PID namespace; bash is 98 outside and 1 inside.",
  },
  {
    asks: "In which cgroup does it run?",
    lens: "cgroups",
    picture: /\/ \(the whole machine\) .* 98 bash 1 your terminal 104 sleep 7 \/vivarium/,
    table: "98 1 bash 97 0 0 S / ",
  },
  {
    asks: "On which kernel does it run?",
    picture: "One kernel: Linux 6.1.158 boot 44e2…",
    table: "machine-1 running 6.1.158 44e2b1c0",
  },
];

const pidProc: readonly Question[] = [
  { asks: "Who is PID 1 inside?", picture: "98 bash 1", table: "98 1 bash" },
  {
    asks: "Whose processes does its /proc list now?",
    picture: /^machine-1 (?!.*its \/proc lists another)/,
    table: /^98 1 bash .* pid 2 off/,
  },
  {
    asks: "Which namespaces are its own?",
    picture: "Container of bash pid 2 mnt 2 net user uts ipc cgroup time",
    table: "98 1 bash 97 0 0 S / init's init's mnt 2 init's pid 2 init's init's init's",
  },
  { asks: "Who started it?", picture: "started by bash (52)", table: "97 – unshare 52" },
  {
    asks: "Who is in it but for its PID namespace?",
    picture: "in it but for the PID namespace: 97 unshare",
    table: /^97 – unshare .* mnt 2 init's init's; next child pid 2/,
  },
  {
    asks: "What is root in it called outside?",
    picture: "no user namespace: root here is root outside",
    table: "98 1 bash 97 0 0",
  },
  {
    asks: "Which network does it use?",
    picture: "no network namespace: it uses the machine's network",
    table: /^net 1 .* 32 its members devices: lo 127\.0\.0\.1\/8, eth0 10\.10\.1\.1\/24/,
  },
  {
    asks: "What is its host name?",
    picture: /host name: vivarium .* no UTS namespace: the machine's host name/,
    table: /^uts 1 .* 32 its members host name: vivarium/,
  },
  {
    asks: "Whose semaphores can it use?",
    picture: "no IPC namespace: the machine's semaphores and queues",
    table: /^ipc 1 .* 32 its members/,
  },
  {
    asks: "What limits it?",
    picture: "no cgroup limits: it may take all memory and CPU",
    table: "98 1 bash 97 0 0 S / ",
  },
  { asks: "What may its root do?", picture: "all capabilities: full root", table: /^98 1 bash .* all 41$/ },
  {
    asks: "Which system calls may it make?",
    picture: "seccomp off: it may make every system call",
    table: /^98 1 bash .* off all 41$/,
  },
  {
    asks: "Which shell am I in?",
    picture: "Your terminal: bash (98, 1 inside), in Container of bash",
    table: /^machine-1 .* bash \(98\)/,
  },
  {
    asks: "How many are seen from inside?",
    lens: "inside",
    picture: "Seen from inside PID namespace 2: 2 of 9 processes have a number here.",
    table: "pid 2 4026532101 init's 2 its members",
  },
];

const nested: readonly Question[] = [
  { asks: "Who is PID 1 of the outer one?", picture: "111 sh 1 root", table: "111 1 sh" },
  { asks: "Who is PID 1 of the inner one?", picture: "121 sh 7 1", table: "121 7 → 1 sh" },
  {
    asks: "What numbers has who is three levels deep?",
    picture: "125 sleep 11 5",
    table: "125 11 → 5 sleep",
  },
  {
    asks: "Who is root inside?",
    picture: "root (0) in here is user 1000 outside",
    table: "uid_map: 0 → 1000",
  },
  {
    asks: "Who are the others inside?",
    picture: "1–65536 are 100000 and up",
    table: "1–65536 → 100000–165535",
  },
  {
    asks: "What keeps a namespace in which nobody lives?",
    picture:
      "Empty: Network namespace 3 pid mnt net 3 user uts ipc cgroup time nobody lives here; kept by a mount at /run/netns/blue",
    table: /^net 3 .* 0 mount at \/run\/netns\/blue/,
  },
  {
    asks: "Who started the inner one?",
    picture: /Container “inner” .* started by unshare \(120\)/,
    table: "121 7 → 1 sh 120",
  },
  {
    asks: "Which namespaces are the inner one's own?",
    picture: "Container “inner” pid 3 mnt 3 net user uts 3 ipc cgroup time",
    table: /^pid 3 4026532121 user 2 2 its members/,
  },
  {
    asks: "Which share a network?",
    picture: /Container “outer” pid 2 mnt 2 net 2 .* Container “inner” pid 3 mnt 3 net user/,
    table: "125 11 → 5 sleep 121 1000 0 S /work init's ipc 2 mnt 3 net 2",
  },
  {
    asks: "Does that network lead out?",
    picture: /Container “outer” .* started by unshare \(110\) network: only lo, nothing leads out/,
    table: /^net 2 4026532115 user 2 4 its members devices: lo 127\.0\.0\.1\/8$/,
  },
  { asks: "What are they called?", picture: /“outer” .* “inner”/, table: /^uts 3 .*host name: inner/ },
  { asks: "Who made them?", picture: "60 bash user 1000", table: "60 – bash 42 1000 1000" },
  {
    asks: "Who is in the user namespace alone?",
    picture: "110 unshare root here, user 1000 outside",
    table: "110 – unshare 60 1000 0",
  },
  {
    asks: "Which limit do they live under, and how near?",
    lens: "cgroups",
    picture: "/work 6.3 MiB memory.max 32 MiB",
    table: "/work 5 6.3 MiB max 32 MiB",
  },
  {
    asks: "Who lives in that cgroup?",
    lens: "cgroups",
    picture:
      /\/work .* 110 unshare .* 111 sh 1 120 unshare 6 121 sh 7 1 your terminal 125 sleep 11 5 \/vivarium/,
    table: "125 11 → 5 sleep 121 1000 0 S /work",
  },
  {
    asks: "Which shell am I in?",
    picture: "Your terminal: sh (121, 1 inside), in Container “inner”",
    table: /^machine-1 .* sh \(121\)/,
  },
  {
    asks: "How many does the inner one see?",
    lens: "inside",
    picture: "Seen from inside PID namespace 3: 2 of 12 processes have a number here.",
    table: /^pid 3 4026532121 user 2 2 its members/,
  },
  {
    asks: "How old is what I see of devices?",
    picture: "mounts, devices and paths as of 0.4 s ago",
    table: "mounts, devices and paths as of 0.4 s ago",
  },
];

const memory: readonly Question[] = [
  {
    asks: "Who is throttled, by which limit?",
    lens: "cgroups",
    picture: /\/slow .* CPU 20 %, max 20 % pids 1 throttled in 80 % of its periods/,
    table: /^\/slow .* 20000 \/ 100000 40 of 50/,
  },
  {
    asks: "Who runs in there?",
    lens: "cgroups",
    picture: "2.0 s waited 140 stress",
    table: "140 – stress 52 0 0 R /slow",
  },
  {
    asks: "Where was somebody killed for want of memory?",
    lens: "cgroups",
    picture: /\/demo .* oom_kill 1 .*\/slow/,
    table: /^\/demo .* oom_kill 1 /,
  },
  {
    asks: "Who was it?",
    lens: "cgroups",
    picture: "hog (131) was killed: /demo had reached its memory.max",
    table: "hog (131) was killed: /demo had reached its memory.max",
  },
  {
    asks: "How much has it now, and what limits it?",
    lens: "cgroups",
    picture: /\/demo .*4\.2 MiB memory\.max 16 MiB memory\.high 8 MiB/,
    table: "/demo 1 4.2 MiB 8 MiB 16 MiB",
  },
  {
    asks: "How often was it slowed before?",
    lens: "cgroups",
    picture: "slowed at memory.high 155× met memory.max 12×",
    table: "high 155, max 12",
  },
  {
    asks: "How long did it wait for memory?",
    lens: "cgroups",
    picture: "stood still for memory: 2.1 s in all",
    table: /^\/demo .* oom_kill 1 2\.1 s/,
  },
  {
    asks: "Who is left there?",
    lens: "cgroups",
    picture: "130 bash your terminal /slow",
    table: "130 – bash 52 0 0 S /demo",
  },
  {
    asks: "How many may it have?",
    lens: "cgroups",
    picture: /\/demo .* pids 1, max 20 slowed/,
    table: /^\/demo .* 1 20 0 0$/,
  },
  {
    asks: "What uses memory though nobody is there?",
    lens: "cgroups",
    picture: /\/left 5\.6 MiB .* pids 0 files in tmpfs; no owner alive/,
    table: "/left 0 5.6 MiB",
  },
  {
    asks: "Who is frozen?",
    lens: "cgroups",
    picture: "frozen: nothing in it runs 150 cat frozen",
    table: /^\/frozen 1 .* 1$/,
  },
  {
    asks: "What has the whole machine?",
    lens: "cgroups",
    picture: "/ (the whole machine) 38 MiB of 122 MiB RAM",
    table: /^machine-1 .* 38 MiB of 122 MiB/,
  },
  { asks: "Is the machine busy?", picture: "CPU busy 69 % Instructions 71 M/s", table: / 69 % .* 71 M\/s/ },
  {
    asks: "Are they hidden from each other?",
    lens: "inside",
    picture: INIT_ALONE,
    table: /^pid 1 .* 32 its members/,
  },
];

const bomb: readonly Question[] = [
  {
    asks: "Who is refused a fork, by which limit?",
    lens: "cgroups",
    picture: /\/bomb .* pids 300, max 300 fork refused 8123×/,
    table: /^\/bomb .* 300 300 8123 0$/,
  },
  { asks: "How many are there of one name?", picture: "300–539 sleep ×240", table: "539 – sleep" },
  { asks: "How many shells are there?", picture: "600–659 bash ×60", table: "659 – bash" },
  { asks: "How many processes are there in all?", picture: "Processes 306 ", table: "↑ 14 ↓ 11 306 23" },
  { asks: "Who started them?", picture: "52 bash your terminal 300–539 sleep", table: "300 – sleep 52" },
  { asks: "How many want the CPU?", picture: "Load 188.20 61.30 22.00", table: "188.20 61.30 22.00" },
  { asks: "Is the machine busy?", picture: "CPU busy 100 % Instructions 84 M/s", table: / 100 % .* 84 M\/s/ },
  {
    asks: "In which cgroup are they?",
    lens: "cgroups",
    picture: /\/bomb .* 300–539 sleep ×240 600–659 bash ×60 \/vivarium/,
    table: "300 – sleep 52 0 0 S /bomb",
  },
  {
    asks: "What limits their memory?",
    lens: "cgroups",
    picture: "/bomb 4.5 MiB no memory.max",
    table: "/bomb 300 4.5 MiB max max",
  },
  {
    asks: "Are the page's own processes among them?",
    lens: "cgroups",
    picture: /\/vivarium .* pids 3 41 vivarium-guard 42 vivarium-agent 43 vivarium-files \/proc/,
    table: "/vivarium 3 4.5 MiB",
  },
  { asks: "Are they isolated?", lens: "inside", picture: INIT_ALONE, table: /^pid 1 .* 329 its members/ },
  { asks: "Is all of it of one moment?", picture: "taken mid-kernel", table: "taken mid-kernel" },
  {
    asks: "Is my shell alive?",
    picture: "Your terminal: bash (52)",
    table: /^machine-1 running .* bash \(52\)$/,
  },
  {
    asks: "Does the kernel live?",
    picture: /^machine-1 running (?!.*Kernel panic).* boot 44e2…/,
    table: /^machine-1 running /,
  },
];

const containers: readonly Question[] = [
  {
    asks: "Which share a network?",
    picture:
      /3 boxes, one network \(network namespace 2\) .* Container of nginx .* Container of node .* 3 boxes, one network \(network namespace 3\)/,
    table: /^net 2 .* 7 its members/,
  },
  {
    asks: "What else do these share?",
    picture: "pid mnt net 2 user uts 2 ipc 2 cgroup time host name: pod1",
    table: /^ipc 2 .* 7 its members/,
  },
  {
    asks: "What is the address of the first pod, and where does it lead?",
    picture: "eth0 10.88.0.2/16 ⇄ veth1 in the machine",
    table: "eth0 net 2 veth 10.88.0.2/16 UP veth1 (init's)",
  },
  {
    asks: "What is the address of db?",
    picture: /Container “db” (?:(?!Container).)*eth0 10\.88\.0\.4\/16/,
    table: "eth0 net 4 veth 10.88.0.4/16",
  },
  {
    asks: "Which bridge joins them?",
    picture: "podman0 10.88.0.1/16",
    table: "podman0 init's bridge 10.88.0.1/16",
  },
  { asks: "Who is PID 1 of the web server's?", picture: "207 nginx 1", table: "207 1 nginx" },
  { asks: "Who started it?", picture: "started by conmon (206)", table: "207 1 nginx 206" },
  { asks: "As whom do its workers run?", picture: "208 nginx 6 user 33", table: "208 6 nginx 207 33 33" },
  {
    asks: "Which container lacks a network of its own?",
    picture: /Container of sh (?:(?!Container).)*no network namespace: it uses the machine's network/,
    table: "255 1 sh 254 0 0 S / init's init's mnt 11 init's pid 11",
  },
  {
    asks: "Which may do all that root may?",
    picture: /Container of sh (?:(?!Container).)*all capabilities: full root seccomp off/,
    table: /^255 1 sh .* off all 41$/,
  },
  {
    asks: "Which has no limits at all?",
    picture: /Container of sh (?:(?!Container).)*no cgroup limits: it may take all memory and CPU/,
    table: "255 1 sh 254 0 0 S / ",
  },
  {
    asks: "What is root in the web server's called outside?",
    picture: /Container of nginx (?:(?!Container).)*no user namespace: root here is root outside/,
    table: "207 1 nginx 206 0 0",
  },
  {
    asks: "Whose memory is limited?",
    lens: "cgroups",
    picture: /\/libpod-001b1120 9\.3 MiB memory\.max 16 MiB .* 225 postgres 1/,
    table: "/libpod_parent/libpod-001b1120 3 9.3 MiB max 16 MiB",
  },
  {
    asks: "How many processes may the web server have?",
    lens: "cgroups",
    picture: /\/libpod-0018e452 (?:(?!libpod).)* pids 3, max 2048 207 nginx/,
    table: /^\/libpod_parent\/libpod-0018e452 .* 3 2048 0 0$/,
  },
  {
    asks: "Which shell am I in?",
    picture: "Your terminal: sh (255, 1 inside), in Container of sh",
    table: /^machine-1 .* sh \(255\)/,
  },
  { asks: "How many processes are there in all?", picture: "Processes 36 ", table: "↑ 14 ↓ 11 36 23" },
  {
    asks: "How many kernels do they need?",
    picture: "One kernel: Linux 6.1.158",
    table: "machine-1 running 6.1.158",
  },
];

const machines: readonly Question[] = [
  {
    asks: "Why does a machine stand still?",
    picture: /^machine-3 .* Kernel panic - not syncing: sysrq triggered crash$/,
    table: /^machine-3 panicked: Kernel panic - not syncing: sysrq triggered crash 6/,
  },
  { asks: "Do the others run on?", picture: /^machine-2 running /, table: /^machine-2 running / },
  {
    asks: "Which boot is the first one's kernel?",
    picture: /^machine-1 .* boot 44e2…/,
    table: "machine-1 running 6.1.158 44e2",
  },
  {
    asks: "Is the second one's another?",
    picture: /^machine-2 .* boot 91aa…/,
    table: "machine-2 running 6.1.158 91aa",
  },
  {
    asks: "Is the third one's another?",
    picture: /^machine-3 .* boot c5d9…/,
    table: "sysrq triggered crash 6.1.158 c5d9",
  },
  {
    asks: "How long has the second been up?",
    picture: /^machine-2 .* Up 51\.0 s/,
    table: /^machine-2 .* 51\.0 s/,
  },
  {
    asks: "Does the third still do anything?",
    picture: /^machine-3 .* Instructions 0\/s/,
    table: /^machine-3 .* 0\/s/,
  },
  { asks: "Has each its own init?", picture: /^machine-2 .* 1 init 41 /, table: "1 – init 0" },
  {
    asks: "Where is there a container?",
    picture: /^machine-1 .* Container of bash pid 2 mnt 2/,
    table: /^98 1 bash .* pid 2/,
  },
  { asks: "What runs in the second?", picture: /^machine-2 .* 70 sleep/, table: /^70 – sleep 52/ },
  {
    asks: "How many processes has the second?",
    picture: /^machine-2 .* Processes 7 /,
    table: /^machine-2 .* 7 23 /,
  },
  {
    asks: "How much memory has each?",
    picture: /^machine-2 .* RAM used 38 MiB of 122 MiB/,
    table: /^machine-2 .* 38 MiB of 122 MiB/,
  },
  {
    asks: "Which shell am I in, in the first?",
    picture: /^machine-1 .* Your terminal: bash \(98, 1 inside\), in Container of bash/,
    table: /^machine-1 running .* bash \(98\)$/,
  },
  {
    asks: "Is the terminal of the second in a container?",
    picture: /^machine-2 .* Your terminal: sleep \(70\), in the machine's own namespaces/,
    table: /^machine-2 running .* sleep \(70\)$/,
  },
];

const agent: readonly Question[] = [
  {
    asks: "Why is so little known?",
    picture: "Told by the guest itself, not read from memory: the kernel is not one that this page knows.",
    table: "Told by the guest itself, not read from memory: the kernel is not one that this page knows.",
  },
  {
    asks: "Which kernel is it?",
    picture: "/proc One kernel 23 kernel threads",
    table: "machine-1 running – – –",
  },
  { asks: "Who is PID 1 of the machine?", picture: "1 init 41", table: "1 – init 0" },
  { asks: "Who is PID 1 inside?", picture: "98 bash 1", table: "98 1 bash" },
  { asks: "What is sleep called inside?", picture: "104 sleep 7", table: "104 7 sleep" },
  {
    asks: "Whose next child will be in another PID namespace?",
    picture: "97 unshare next child → PID namespace 2",
    table: /^97 – unshare .* init's; next child pid 2/,
  },
  {
    asks: "Whose processes does its /proc list?",
    picture: "its /proc lists another PID namespace's processes",
    table: /^98 1 bash .* pid 2 init's init's init's init's –/,
  },
  { asks: "Who started it?", picture: "started by unshare (97)", table: "98 1 bash 97" },
  {
    asks: "Which namespaces are its own?",
    picture: "pid 2 mnt net user uts ipc cgroup time started",
    table: "98 1 bash 97 0 – S / init's init's init's init's pid 2 init's init's init's",
  },
  { asks: "How many processes are there in all?", picture: "Processes 9 ", table: "– 9 23 bash" },
  { asks: "How many threads has the kernel?", picture: "23 kernel threads", table: "– 9 23 bash" },
  {
    asks: "Which shell am I in?",
    picture: "Your terminal: bash (98, 1 inside), in PID namespace 2",
    table: /^machine-1 .* bash \(98\)/,
  },
];

/** By situation of `fixtures.ts`. */
const ghost: readonly Question[] = [
  {
    asks: "What is wanted, and how far is it?",
    picture: /^machine-1 .* Wanted A cgroup for five, .* 14 of 19 so/,
    table: "cgroup /small it is there so",
  },
  {
    asks: "What had to come first, and did it?",
    picture: "✓ First: process sleep (a zombie)",
    table: "First: process sleep (a zombie) – so",
  },
  {
    asks: "Is there a cgroup for five?",
    picture: "✓ pids.max 5 or less",
    table: "cgroup /small pids.max 5 or less so",
  },
  {
    asks: "What does it lack?",
    picture: "○ memory.max 16 MiB",
    table: "cgroup /small memory.max 16 MiB not yet /small has memory.max max, not 16 MiB.",
  },
  {
    asks: "Who is to live in it?",
    lens: "cgroups",
    picture: "process sleep ? sleep ○ in the cgroup /small",
    table: "process sleep in the cgroup /small not yet",
  },
  {
    asks: "Where does that one live now?",
    picture: "There is sleep (95), but its cgroup is / , not /small",
    table: "There is sleep (95), but its cgroup is /, not /small.",
  },
  {
    asks: "Who is not to live in it, and does?",
    picture: "○ no process bash in the cgroup /small Still there: bash (90).",
    table: "no process bash in the cgroup /small not yet Still there: bash (90).",
  },
  {
    asks: "Which namespaces is the shell to have of its own?",
    picture: "✓ pid: its own ✓ net: init's ○ uts: its own",
    table:
      "process sh UTS namespace of its own not yet There is sh (98), but it shares init's UTS namespace.",
  },
  {
    asks: "What is it to call itself?",
    picture: "? sh 1 ✓ number 1 inside",
    table: "process sh number 1 inside so",
  },
  {
    asks: "Which of the boxes is as wanted?",
    picture: /Here: Empty: UTS namespace 2 .*host name: blue/,
    table: "UTS namespace host name blue so",
  },
  {
    asks: "Where is the mount that is wanted?",
    picture: /mount on \/mnt .* Here: Container of sh/,
    table: "mount on /mnt type tmpfs so",
  },
  {
    asks: "Is there more than one way?",
    picture: "○ One of these: ○ network device veth0",
    table: "One of these: – not yet",
  },
  {
    asks: "Is that all?",
    picture: "The step asks for more, which only a command can tell.",
    table: "The step asks for more, which only a command can tell.",
  },
];

export const QUESTIONS: Readonly<Record<string, readonly Question[]>> = {
  idle,
  pid,
  "pid-proc": pidProc,
  nested,
  memory,
  bomb,
  containers,
  machines,
  agent,
  ghost,
};
