# Keeps one PostgreSQL for one test process: makes it, says "ready PORT", and takes it away when standard input
# closes, which the kernel sees to even if the test process was killed.
# Arguments: the folder of its programs, fsync (on, off), ports to try.
# No `set -e`: what went wrong is told below, and the folder goes in any case.
set -u
# PIPE: a process that was killed while it waited does not hear "ready", and the server must still go.
trap '' HUP INT TERM PIPE
bin=$1 fsync=$2
shift 2
cd /

# initdb refuses to run as root; the package made a user for this.
as=
[ "$(id -u)" != 0 ] || as='setpriv --reuid=postgres --regid=postgres --clear-groups --'
# The folder for temporary files may be closed to that user.
for home in "${TMPDIR:-/tmp}" /tmp; do $as test -w "$home" && break; done
folder=$(mktemp -d "$home/jianyi-postgres.XXXXXX")
data=$folder/data log=$folder/log
[ -z "$as" ] || chown postgres "$folder" 2>>"$log"

ready=
if $as "$bin/initdb" -D "$data" --no-sync --auth=trust --username=postgres --encoding=UTF8 --locale=C.UTF-8 >>"$log" 2>&1
then
    cat >>"$data/postgresql.conf" <<END
listen_addresses = '127.0.0.1'
unix_socket_directories = '$folder'
max_connections = 300
shared_buffers = 128MB
fsync = $fsync
END
    # Another process may take a port between our asking and our use.
    for port in "$@"; do
        $as "$bin/pg_ctl" -D "$data" -o "-p $port" -w -t 60 start >>"$log" 2>&1 && ready=$port && break
    done
fi
if [ -n "$ready" ]; then echo "ready $ready"; else tail -n 20 "$log"; fi
exec >/dev/null

[ -z "$ready" ] || cat
[ ! -d "$data" ] || $as "$bin/pg_ctl" -D "$data" -m immediate -w stop >>"$log" 2>&1
rm -rf "$folder"
