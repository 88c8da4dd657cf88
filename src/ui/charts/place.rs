//! Where what floats stands beside what opened it, within the page. Pure; measuring and moving is `float`.

/// From the page's edges and to one another.
const ROOM: f64 = 8.0;
const NEAR: f64 = 4.0;

/// In pixels of the page.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Rect {
    pub left: f64,
    pub top: f64,
    pub width: f64,
    pub height: f64,
}

/// Left and top: under the button with the right edges in line, above it where there is no room below, and in any case
/// on the page, whose upper left corner wins where it is too large for that.
pub fn placed(button: Rect, (width, height): (f64, f64), page: (f64, f64)) -> (f64, f64) {
    let left = (button.left + button.width - width).min(page.0 - width - ROOM).max(ROOM);
    let (below, above) = (button.top + button.height + NEAR, button.top - height - NEAR);
    let top = match () {
        _ if below + height + ROOM <= page.1 => below,
        _ if above >= ROOM => above,
        _ => (page.1 - height - ROOM).max(ROOM),
    };
    (left, top)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_stands_beside_its_button_and_on_the_page() {
        let button = |left, top| Rect { left, top, width: 60.0, height: 24.0 };
        for (at, size, expected) in [
            (button(500.0, 100.0), (320.0, 200.0), (240.0, 128.0)),
            (button(10.0, 100.0), (320.0, 200.0), (8.0, 128.0)),
            (button(700.0, 700.0), (320.0, 200.0), (440.0, 496.0)),
            (button(990.0, 100.0), (320.0, 200.0), (672.0, 128.0)),
            // Neither above nor below: over the button.
            (button(500.0, 400.0), (320.0, 600.0), (240.0, 192.0)),
            (button(500.0, 400.0), (320.0, 900.0), (240.0, 8.0)),
            (button(500.0, 100.0), (2_000.0, 200.0), (8.0, 128.0)),
        ] {
            assert_eq!(placed(at, size, (1_000.0, 800.0)), expected, "{at:?} {size:?}");
        }
    }
}
