/* Asks the C library that it is built with for a name: "ok ADDRESS …" in its order, or "error NUMBER". */
#include <arpa/inet.h>
#include <netdb.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

int main(int argc, char **argv) {
  struct addrinfo hints, *found = 0, *one;
  char text[INET6_ADDRSTRLEN];
  int error;
  if (argc < 2) return 2;
  memset(&hints, 0, sizeof hints);
  hints.ai_socktype = SOCK_STREAM;
  error = getaddrinfo(argv[1], 0, &hints, &found);
  if (error) {
    printf("error %d\n", error);
    return 0;
  }
  printf("ok");
  for (one = found; one; one = one->ai_next) {
    void *address = one->ai_family == AF_INET6 ? (void *)&((struct sockaddr_in6 *)one->ai_addr)->sin6_addr
                                               : (void *)&((struct sockaddr_in *)one->ai_addr)->sin_addr;
    printf(" %s", inet_ntop(one->ai_family, address, text, sizeof text));
  }
  printf("\n");
  return 0;
}
