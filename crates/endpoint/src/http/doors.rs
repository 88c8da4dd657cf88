//! Where connections come in: one or several listening sockets as one, each connection without Nagle's delay,
//! which would hold events back for 40 ms. What is served over them is `super::serving`.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};

/// Listening sockets of one port.
pub struct Doors(Vec<TcpListener>);

/// The address that a connection comes from.
#[derive(Debug, Clone, Copy)]
pub struct ClientAddress(pub SocketAddr);

impl Doors {
    /// Listens on `listen`, an address or name with a port. `localhost` is both its addresses, IPv4 and IPv6,
    /// where the machine has them; port 0 takes one that is free.
    pub async fn bind(listen: &str) -> io::Result<Doors> {
        let addresses: Vec<SocketAddr> = tokio::net::lookup_host(listen).await?.collect();
        let Some(first) = addresses.first().copied() else {
            return Err(io::Error::new(io::ErrorKind::AddrNotAvailable, "the name has no address"));
        };
        let (host, _) = listen.rsplit_once(':').unwrap_or((listen, ""));
        if !host.eq_ignore_ascii_case("localhost") {
            return Ok(Doors(vec![TcpListener::bind(first).await?]));
        }
        let v4 = TcpListener::bind(("127.0.0.1", first.port())).await?;
        let port = v4.local_addr()?.port();
        let mut doors = vec![v4];
        match TcpListener::bind(("::1", port)).await {
            Ok(v6) => doors.push(v6),
            Err(error) if error.kind() == io::ErrorKind::AddrInUse => return Err(error),
            // A machine without IPv6.
            Err(error) => tracing::debug!(%error, "not listening on ::1"),
        }
        Ok(Doors(doors))
    }

    /// Every address listened on; at least one.
    pub fn addresses(&self) -> io::Result<Vec<SocketAddr>> {
        self.0.iter().map(TcpListener::local_addr).collect()
    }

    /// The next connection and where it comes from. One that breaks off meanwhile is passed over.
    pub async fn accept(&mut self) -> (TcpStream, SocketAddr) {
        loop {
            let each = self.0.iter().map(|listener| Box::pin(listener.accept()));
            match futures::future::select_all(each).await.0 {
                Ok((stream, address)) => {
                    if let Err(error) = stream.set_nodelay(true) {
                        tracing::debug!(%error, "a connection keeps Nagle's delay");
                    }
                    return (stream, address);
                }
                Err(error) if of_one_connection(&error) => {}
                Err(error) => {
                    // Out of file descriptors, most likely: they come back as connections end.
                    tracing::error!(%error, "can't accept connections");
                    tokio::time::sleep(Duration::from_secs(1)).await;
                }
            }
        }
    }
}

fn of_one_connection(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn localhost_is_every_address_it_has_on_one_port() {
        let mut doors = Doors::bind("localhost:0").await.unwrap();
        let addresses = doors.addresses().unwrap();
        assert!(addresses.iter().all(|address| address.ip().is_loopback() && address.port() == addresses[0].port()));
        for address in addresses {
            let (client, accepted) = tokio::join!(TcpStream::connect(address), doors.accept());
            assert_eq!(client.unwrap().local_addr().unwrap(), accepted.1);
            assert!(accepted.0.nodelay().unwrap());
        }
        let busy = Doors::bind(&format!("localhost:{}", doors.addresses().unwrap()[0].port())).await;
        assert_eq!(busy.err().map(|error| error.kind()), Some(io::ErrorKind::AddrInUse));
    }
}
