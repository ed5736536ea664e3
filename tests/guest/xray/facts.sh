# Prints what a guest says of itself, files as `==> NAME <==` and their content, NUL as `|`. The first line is the pid of
# this script; what it starts has later ones.
set -uo pipefail
exec 2>/dev/null
echo $$
read -r box </tmp/xray-box
said=$(mktemp -d)
cd "$said"
lsns -J -o NS,TYPE,PNS,ONS >lsns
ip -j -d addr >net
nsenter --target "$box" --net ip -j -d addr >box-net
dmesg --raw >dmesg
od -An -v -tx1 /sys/kernel/notes >notes
stat -c '%n %u %g %i' /sys/fs/cgroup/xray{,/inner,-oom,-frozen} >cgroups
stat -c %N /proc/[0-9]*/{ns/*,cwd,fd/9} >links
{
  tail -vn+1 * /proc/{version,cmdline,interrupts,loadavg,meminfo,uptime,zoneinfo} /proc/sys/kernel/random/boot_id /proc/{1,"$box"}/mountinfo
  # Not all of a cgroup's files can be read, and tail stops at the first that cannot.
  tail -vn+1 /sys/fs/cgroup/xray{,/inner,-oom,-frozen}/{cgroup.{max.*,stat,events,freeze,controllers,subtree_control},{cpu,io,pids}.*,memory.[!r]*}
  tail -vn+1 /proc/[0-9]*/{status,stat,cmdline,cgroup,uid_map,gid_map,setgroups,timens_offsets}
} | tr '\0' '|'
