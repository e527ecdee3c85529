# Read by pymasync, a bash script, by way of BASH_ENV (bash(1)), where containers share the network of their machine: the
# redis that it starts, with no argument, is to be this container's own, and not the one that all of them find at
# localhost:6379.
unset BASH_ENV
redis-server() {
  command redis-server --port 0 --unixsocket "$PYM_REDIS_SOCKET" --unixsocketperm 700 --save ''
}
