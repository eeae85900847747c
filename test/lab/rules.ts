// The host's firewall, modelled on what Docker 28 writes for two networks and one published port.

export const rules4 = `*raw
:PREROUTING ACCEPT [0:0]
-A PREROUTING -d 10.88.0.2/32 ! -i br0 -j DROP
COMMIT
*filter
:INPUT ACCEPT [0:0]
:FORWARD DROP [0:0]
:DOCKER-USER - [0:0]
:DOCKER-ISO1 - [0:0]
:DOCKER-ISO2 - [0:0]
:DOCKER - [0:0]
-A FORWARD -j DOCKER-USER
-A FORWARD -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A FORWARD -j DOCKER-ISO1
-A FORWARD -o br0 -j DOCKER
-A FORWARD -o br1 -j DOCKER
-A FORWARD -i br0 -j ACCEPT
-A FORWARD -i br1 -j ACCEPT
-A DOCKER -d 10.88.0.2/32 ! -i br0 -o br0 -p tcp --dport 80 -j ACCEPT
-A DOCKER ! -i br0 -o br0 -j DROP
-A DOCKER ! -i br1 -o br1 -j DROP
-A DOCKER-ISO1 -i br0 ! -o br0 -j DOCKER-ISO2
-A DOCKER-ISO1 -i br1 ! -o br1 -j DOCKER-ISO2
-A DOCKER-ISO2 -o br0 -j DROP
-A DOCKER-ISO2 -o br1 -j DROP
COMMIT
*nat
:PREROUTING ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
:POSTROUTING ACCEPT [0:0]
:DOCKER - [0:0]
-A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER
-A OUTPUT -m addrtype --dst-type LOCAL -j DOCKER
-A POSTROUTING -s 10.88.0.0/24 ! -o br0 -j MASQUERADE
-A POSTROUTING -s 10.89.0.0/24 ! -o br1 -j MASQUERADE
-A POSTROUTING -m addrtype --src-type LOCAL -o br0 -j MASQUERADE
-A POSTROUTING -s 10.88.0.2/32 -d 10.88.0.2/32 -p tcp --dport 80 -j MASQUERADE
-A DOCKER -p tcp --dport 8080 -j DNAT --to-destination 10.88.0.2:80
COMMIT
`;

export const rules6 = `*filter
:INPUT ACCEPT [0:0]
:FORWARD DROP [0:0]
-A FORWARD -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A FORWARD -i br0 -j ACCEPT
COMMIT
*nat
:PREROUTING ACCEPT [0:0]
:POSTROUTING ACCEPT [0:0]
-A POSTROUTING -s fd00:88::/64 ! -o br0 -j MASQUERADE
COMMIT
`;
