/*
 * cap looks for pcap_set_immediate_mode in whatever libpcap.so the machine has (dlopen) and would hand it a handle of the
 * libpcap that is built into it here: another version, with another layout. This header stands before its source.
 */
#include <dlfcn.h>
#include <pcap/pcap.h>

#define dlopen(name, mode) ((void *) 0)
#define dlsym(library, name) ((void *) &pcap_set_immediate_mode)
