# Puts into a guest, as root, one of everything that the X-ray test reads. Numbers differ wherever two could be mixed up.
set -euo pipefail
cd /tmp
exec </dev/null >/dev/null

# The kernel makes it up when it is first asked.
cat /proc/sys/kernel/random/boot_id

# Lets the others have the CPU; a `sleep` would be one more process to start.
mkfifo xray-pause
exec 8<>xray-pause
pause() { read -rt 0.02 -u 8 || true; }

# Waits until a process has become the one that it shall be.
asleep() {
  local comm=
  while read -r comm <"/proc/$1/comm" && [[ $comm != sleep ]]; do pause; done
}

# The same for a child of a process, which may have had others before; sets `child`.
child_of() {
  local children comm
  while :; do
    read -r children <"/proc/$1/task/$1/children" || true
    for child in $children; do
      read -r comm <"/proc/$child/comm" && [[ $comm == sleep ]] && return
    done
    pause
  done 2>/dev/null
}

cg=/sys/fs/cgroup/xray
mkdir -p $cg/inner $cg-oom $cg-frozen
echo 57 >$cg/pids.max
echo 3M >$cg/memory.min
echo 5M >$cg/memory.low
echo 66M >$cg/memory.high
echo 77M >$cg/memory.max
echo 11M >$cg/memory.swap.max
echo 1 >$cg/memory.oom.group
echo "12000 100000" >$cg/cpu.max
echo 4000 >$cg/cpu.max.burst
echo 321 >$cg/cpu.weight
echo "$(cat /sys/block/ram0/dev) rbps=1234567 wbps=2345678 riops=89 wiops=98" >$cg/io.max
(echo $BASHPID >$cg/inner/cgroup.procs; exec dd if=/dev/ram0 of=/dev/null bs=4K count=5 iflag=direct 2>/dev/null)
echo 9 >$cg/cgroup.max.depth
echo 33 >$cg/cgroup.max.descendants
chown learner:learner $cg/inner $cg/inner/cgroup.procs

# Throttled, and out of memory.
(echo $BASHPID >$cg/inner/cgroup.procs; exec timeout 1 sh -c 'while :; do :; done') || true
echo "91000 99000" >$cg/cpu.max
echo 8M >$cg-oom/memory.max
echo 0 >$cg-oom/memory.swap.max
(echo $BASHPID >$cg-oom/cgroup.procs; echo >/dev/shm/xray; exec tail /dev/zero) 2>/dev/null || true

# Frozen, stopped, a zombie.
(echo $BASHPID >$cg-frozen/cgroup.procs; exec sleep 100001) &
echo 1 >$cg-frozen/cgroup.freeze
sleep 100002 & kill -STOP $!
sh -c '(exit 7) & exec sleep 100003' &
asleep $!

# Of few rights; filtered and traced.
setpriv --no-new-privs --reuid=1000 --regid=1000 --groups=7,1000,2000 --inh-caps=+net_raw --ambient-caps=+net_raw \
  --bounding-set=-sys_admin sleep 100004 &
asleep $!
(cd /usr && exec strace --seccomp-bpf -f -e trace=mount -o /dev/null setsid sleep 100005) &
child_of $!

# More extents than a map holds in itself.
unshare --user sleep 100006 &
asleep $!
# In one write, or the kernel takes the first line alone.
printf '%d %d %d\n' 0 100000 1 10 100100 2 20 100200 3 30 100300 4 40 100400 5 50 100500 6 60 100600 7 | cat >/proc/$!/uid_map
echo "0 200000 65536" >/proc/$!/gid_map

# A container by hand: all eight namespaces, mounts that follow the outer ones, in a cgroup of its own.
mkdir -p xray-mounts/{lower1,lower2,merged,nosuid} /run/xray-{upper,work}
mkfifo xray-mounts/ready
(echo $BASHPID >$cg/inner/cgroup.procs
 exec unshare --user --map-root-user --pid --fork --mount --propagation slave --mount-proc --uts --ipc --net --cgroup \
  --time --monotonic 1234 --boottime 5678 bash -c 'hostname xray-box; echo >/tmp/xray-mounts/ready; exec sleep 100007') &
outside=$!
read -r <xray-mounts/ready
child_of $outside
box=$child
echo "$box" >xray-box

# Mounts: shared, with a source, with flags; an overlay of two lower directories; a pinned namespace.
mount -t tmpfs -o nosuid,nodev,size=1236k xray-source xray-mounts/nosuid
mount -t overlay xray-overlay xray-mounts/merged \
  -o lowerdir=xray-mounts/lower1:xray-mounts/lower2,upperdir=/run/xray-upper,workdir=/run/xray-work
mount --make-private xray-mounts/merged
touch xray-mounts/nosuid/uts
mount --bind /proc/$box/ns/uts xray-mounts/nosuid/uts
(cd /var/tmp && exec sleep 100008 9</proc/$box/ns/net) &
asleep $!

# One process in three PID namespaces; one whose children will be born elsewhere.
unshare --pid --fork unshare --pid --fork sleep 100009 &
until pgrep -fx "sleep 100009"; do pause; done
unshare --pid sleep 100010 &
asleep $!

# System V objects.
ipcmk --queue
ipcmk --shmem 4096
ipcmk --shmem 8192
ipcmk --semaphore 3

# Devices: a pair of which one end is in the container, a bridge with it as its port, a macvlan on a dummy.
ip -batch - <<COMMANDS
link add xray0 mtu 1401 type veth peer name xray1 netns $box
link add xraybr address 02:00:00:00:99:01 type bridge
link set xray0 master xraybr up
address add 10.99.1.2/23 broadcast 10.99.1.255 dev xraybr
address add fd00:99::1/72 nodad dev xraybr
link set xraybr up
link add xraydummy type dummy
link add xraymac link xraydummy type macvlan mode bridge
COMMANDS
# A device's state follows its carrier with up to a second's delay; the facts are read of one that stands.
while [ "$(cat /sys/class/net/xraybr/operstate)" = unknown ]; do sleep 0.1; done
