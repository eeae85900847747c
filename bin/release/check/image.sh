# The image is asked on a host that has no nft; beside it the executable lies on the PATH, as who installs it later.
install() {
  docker load --quiet --input "/given/$IMAGE" >/dev/null
  cp "/given/$SINGLE" /usr/local/bin/netdoctor
  mv /usr/sbin/nft /root/nft
  # What asks nothing of the host needs no option; what does says which it lacks.
  docker run --rm netdoctor --help >/dev/null
  lacks --privileged
  lacks --pid=host --privileged --volume=/:/host
  lacks --network=host --privileged --pid=host --volume=/:/host
  lacks '-v /:/host' --privileged --pid=host --network=host
}
lacks() {
  wanted=$1
  shift
  said=$(docker run --rm "$@" netdoctor diagnose web 2>&1) && code=0 || code=$?
  test $code -eq 3 && echo "$said" | grep -q -- "without $wanted" || { echo "$code: $said"; exit 6; }
}
asked() { docker run --rm --privileged --pid=host --network=host --volume=/:/host netdoctor "$@"; }
began() {
  docker run --detach --name=seen --privileged --pid=host --network=host --volume=/:/host netdoctor "$@" >/dev/null
}
ended() {
  docker wait seen >/dev/null
  docker rm seen >/dev/null
}
